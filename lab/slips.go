package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"net/url"
	"os"

	"chatlab/lab/class"
	"chatlab/lab/scenario"
	"chatlab/lab/texts"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/command"
	"chatlab/sniffer/layout"
	"chatlab/sniffer/listen"
)

// writeSlips writes students' slips to a file; "-" is standard output. address is
// where the lesson will be, "" for where this machine would give it.
func (t *terminal) writeSlips(file, address string, tasks []class.Task, secret string) error {
	lesson, err := t.lesson(address)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := class.Slips(&page, tasks, secret, lesson, t.lang); err != nil {
		return err
	}
	if file != "-" {
		return os.WriteFile(file, page.Bytes(), 0o600)
	}
	if _, err := t.stdout.Write(page.Bytes()); err != nil {
		return writeError(err)
	}
	return nil
}

// lesson gives the address of the page. Where it was not told, it says which it is.
func (t *terminal) lesson(address string) (*url.URL, error) {
	if address != "" {
		return class.LessonURL(address)
	}
	all, err := listen.Addresses()
	if err != nil {
		return nil, texts.Lab.Error("slips.unseen", "why", err).WithHint(texts.Lab.Message("hint.url"))
	}
	var found catalogue.List[string]
	if tunnel := forwarded(t.getenv)(scenario.PagePort); tunnel != "" {
		found = append(found, tunnel)
	}
	for _, a := range all {
		found = append(found, "http://"+netip.AddrPortFrom(a, scenario.PagePort).String())
	}
	if len(found) == 0 {
		return nil, texts.Lab.Error("slips.nowhere").WithHint(texts.Lab.Message("hint.url"))
	}
	told := texts.Lab.Message("slips.here", "url", found[0])
	if others := found[1:]; len(others) > 0 {
		told = texts.Lab.Message("slips.first", "url", found[0], "others", others)
	}
	fmt.Fprint(t.stderr, layout.Paragraph("", told.In(t.lang), command.Columns))
	return class.LessonURL(found[0])
}
