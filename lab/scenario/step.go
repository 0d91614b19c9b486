package scenario

import "chatlab/sniffer/annotate"

// Number is a packet's number in the documented capture, from 1.
type Number int

// The documented packets. What is passed on goes to the newcomer first, then to
// the earlier browser; where an acknowledgement comes by itself it is the next
// packet.
const (
	PacketSYN Number = iota + 1
	PacketSYNACK
	PacketHandshakeACK
	PacketRequest // for the upgrade to WebSocket
	PacketRequestACK
	PacketResponse
	PacketResponseACK
	PacketLogin // acknowledged by the list
	PacketMembers
	PacketMembersACK
	PacketLoginNewcomer // the newcomer is told of its own login
	PacketLoginNewcomerACK
	PacketLoginEarlier
	PacketLoginEarlierACK
	PacketSay         // acknowledged by the next
	PacketSayNewcomer // the newcomer is told what it said
	PacketSayNewcomerACK
	PacketSayEarlier
	PacketSayEarlierACK
)

// DocumentedCount is the number of documented packets.
const DocumentedCount = int(PacketSayEarlierACK)

// Step is a step of the scenario, by the name that annotate gives it, and which
// packets carry or acknowledge it.
type Step struct {
	ID      annotate.Step
	Packets []Number
}

// Steps are the scenario's steps, in their order.
var Steps = []Step{
	{annotate.Handshake, []Number{PacketSYN, PacketSYNACK, PacketHandshakeACK}},
	{annotate.Upgrade, []Number{PacketRequest, PacketRequestACK, PacketResponse, PacketResponseACK}},
	{annotate.Login, []Number{PacketLogin}},
	{annotate.Members, []Number{PacketMembers, PacketMembersACK}},
	{annotate.LoginBroadcast, []Number{PacketLoginNewcomer, PacketLoginNewcomerACK, PacketLoginEarlier, PacketLoginEarlierACK}},
	{annotate.Say, []Number{PacketSay}},
	{annotate.SayBroadcast, []Number{PacketSayNewcomer, PacketSayNewcomerACK, PacketSayEarlier, PacketSayEarlierACK}},
}

// Segment gives the documented segment of that number.
func (n Number) Segment() *Segment { return &Documented()[EarlierCount+int(n)-1] }

// Acknowledged tells whether a packet of its own, which is the next one, does
// nothing but acknowledge packet n. The login and what was said are acknowledged
// by the server's answer.
func (n Number) Acknowledged() bool {
	return int(n) < DocumentedCount && len(n.Segment().Payload) > 0 && len((n+1).Segment().Payload) == 0
}

// Sent gives the payloads that the browser on a port sent, up to packet last.
func Sent(port uint16, last Number) (payloads [][]byte) {
	for _, s := range Documented()[:EarlierCount+int(last)] {
		if s.From == port && len(s.Payload) > 0 {
			payloads = append(payloads, s.Payload)
		}
	}
	return payloads
}
