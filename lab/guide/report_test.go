package guide

import (
	"strings"
	"testing"
	"time"

	"chatlab/lab/scenario"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/dissect"
)

// What comes from packets or the keyboard stays text in the report, in every
// language, and the report loads nothing.
func TestReportEscapes(t *testing.T) {
	const evil = `<img src=x onerror=alert(1)>&"'</title>`
	for _, lang := range catalogue.Langs {
		s := begin(t, lang)
		for i := range s.packets {
			// The message of mynick, with evil in it: the frame grows, and so
			// must the packet. Only the last packets come after it.
			p := &s.packets[i]
			var seg dissect.Segment
			if seg.Decode(p) != nil || seg.Src.Port() != scenario.NewcomerPort || seg.Length != 58 {
				continue
			}
			h := dissect.ParseFrameHeader(seg.Payload)
			frame := dissect.AppendFrame(nil, h, []byte(`{"type":"say","to_uid":"all","content":"`+strings.ReplaceAll(evil, `"`, `\"`)+`"}`))
			p.Data = append(p.Data[:seg.Data:seg.Data], frame...)
			p.Length = len(p.Data)
			p.Data[2], p.Data[3] = byte(len(p.Data)>>8), byte(len(p.Data)) // IPv4's total length
			s.packets = s.packets[:i+1]
			break
		}
		s.see()
		s.line(evil)
		s.line(evil)
		for s.line("F"); len(s.packets) > 0; s.see() {
			s.line("skip")
		}
		for s.lesson.question != nil {
			s.line("skip")
		}
		var out strings.Builder
		if err := s.lesson.Report(&out, ReportOptions{Stage: evil, Time: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
		page := out.String()
		if strings.Contains(page, "<img") || !strings.Contains(page, "&lt;img src=x onerror=alert(1)&gt;") {
			t.Errorf("%s: evil comes through, or is lost", lang)
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "src=\"") || strings.Contains(page, "href=") {
			t.Errorf("%s: the report loads something", lang)
		}
		if !strings.Contains(page, `lang="`+string(lang)+`"`) || strings.Contains(page, "report.") {
			t.Errorf("%s: not in its language", lang)
		}
	}
}
