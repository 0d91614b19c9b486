package render

import (
	"encoding/json"
	"io"

	"chatlab/lab/check"
	"chatlab/lab/check/evidence"
	"chatlab/lab/check/steps"
	"chatlab/lab/scenario"
	"chatlab/sniffer/annotate"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
)

type jsonStep struct {
	ID       annotate.Step `json:"id"`
	Status   steps.Status  `json:"status"`
	Packets  []int         `json:"packets"`
	Expected string        `json:"expected"`
	Got      string        `json:"got"`
	Notes    []string      `json:"notes"`
}

type jsonPacket struct {
	Packet     int             `json:"packet"`
	Kind       check.Kind      `json:"kind"`
	Step       annotate.Step   `json:"step,omitempty"`
	Documented scenario.Number `json:"documented,omitempty"`
	Reason     string          `json:"reason"`
}

type jsonNoise struct {
	Packets int    `json:"packets"`
	Reason  string `json:"reason"`
}

type jsonReport struct {
	File     string       `json:"file"`
	OK       bool         `json:"ok"`
	Nick     string       `json:"nick"`
	Message  string       `json:"message"`
	Client   string       `json:"client,omitempty"`
	Server   string       `json:"server,omitempty"`
	Dialect  chat.Dialect `json:"dialect,omitempty"`
	Attempts int          `json:"attempts"`
	// Alone: nobody else was in the room when the message was passed on.
	Alone   bool         `json:"alone"`
	Total   int          `json:"total"`
	Steps   []jsonStep   `json:"steps"`
	Packets []jsonPacket `json:"packets"`
	Noise   []jsonNoise  `json:"noise"`
	Notes   []string     `json:"notes"`
	// Advice is what to do, the likeliest; empty where every step is there.
	Advice string `json:"advice"`
	// Fault tells why the file was not read to its end: cut, trailing, broken.
	Fault evidence.Fault `json:"fault,omitempty"`
}

// JSON writes the report of the capture file as one JSON object, its texts in
// lang.
func JSON(w io.Writer, file string, r *check.Report, lang catalogue.Lang) error {
	j := jsonReport{
		File: file, OK: r.OK(), Nick: r.Nick, Message: r.Message, Dialect: r.Dialect,
		Attempts: r.Attempts, Total: r.Total, Fault: r.Fault, Alone: r.Alone, Advice: r.Advice.In(lang),
		Packets: []jsonPacket{}, Noise: []jsonNoise{}, Notes: in(r.Notes, lang),
	}
	if r.Client.IsValid() {
		j.Client, j.Server = r.Client.String(), r.Server.String()
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		j.Steps = append(j.Steps, jsonStep{s.ID, s.Status, append([]int{}, s.Packets...),
			s.Expected.In(lang), s.Got.In(lang), in(s.Notes, lang)})
	}
	for _, v := range r.Packets {
		j.Packets = append(j.Packets, jsonPacket{v.Number, v.Kind, v.Step, v.Documented, v.Reason.In(lang)})
	}
	for _, n := range r.Noise {
		j.Noise = append(j.Noise, jsonNoise{n.Packets, n.Reason.In(lang)})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(j)
}

func in(all []catalogue.Message, lang catalogue.Lang) []string {
	list := make([]string, len(all))
	for i, t := range all {
		list[i] = t.In(lang)
	}
	return list
}
