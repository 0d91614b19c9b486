package tcpdump

import (
	"crypto/md5"
	"encoding/binary"
)

// signature prints a TCP-MD5 signature (RFC 2385) and, with the secret of -M,
// whether it is right. b is the segment.
func (f *formatter) signature(b []byte, payload uint32, iph, sig []byte) {
	f.char(' ')
	hlen := int(b[12]>>4) * 4
	if uint64(len(b)) < uint64(hlen)+uint64(payload) {
		f.str("snaplen too short, can't check - ").hexBytes(sig)
		return
	}
	if f.opt.Secret == "" {
		f.str("shared secret not supplied with -M, can't check - ").hexBytes(sig)
		return
	}
	if md5Sum(b, payload, iph, f.opt.Secret) == [16]byte(sig) {
		f.str("valid")
	} else {
		f.invalid()
	}
}

// md5Sum is the signature that a segment should have: over the pseudo header,
// the header without options and checksum, the payload and the secret (RFC 2385
// §2).
func md5Sum(b []byte, payload uint32, iph []byte, secret string) [16]byte {
	hlen := int(b[12]>>4) * 4
	var p []byte
	if iph[0]>>4 == 4 {
		p = append(p, iph[12:20]...)
		p = append(p, 0, iph[9])
		p = binary.BigEndian.AppendUint16(p, binary.BigEndian.Uint16(iph[2:])-uint16(iph[0]&15)*4)
	} else {
		p = append(p, iph[8:40]...)
		p = append(p, 0, 0, iph[4], iph[5], 0, 0, 0, protoTCP)
	}
	p = append(p, b[:16]...)
	p = append(p, 0, 0, b[18], b[19])
	p = append(p, b[hlen:hlen+int(payload)]...)
	p = append(p, secret...)
	return md5.Sum(p)
}
