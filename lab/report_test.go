//go:build unix

package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"chatlab/sniffer/catalogue"
)

// keepsSpaces fails the test where a report, as a browser shows it, has not the
// message's two spaces.
func keepsSpaces(t *testing.T, chromium context.Context, file string) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, longest)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "hi,  all !") {
		t.Errorf("%s shows no “hi,  all !” with two spaces", filepath.Base(file))
	}
	if strings.Contains(text, "hi, all !") {
		t.Errorf("%s shows “hi, all !” with one space", filepath.Base(file))
	}
}

func TestCheckReportKeepsSpaces(t *testing.T) {
	chromium := startChromium(t)
	dir := t.TempDir()
	capture := filepath.Join(dir, "chat.pcap")
	lab := func(args ...string) int {
		return run(t.Context(), args, io.Discard, io.Discard, func(string) string { return "" })
	}
	if status := lab("replay", "--plain", "-w", capture); status != 0 {
		t.Fatalf("replay: exit status %d", status)
	}
	for _, lang := range catalogue.Langs {
		page := filepath.Join(dir, string(lang)+".html")
		if status := lab("check", "--lang", string(lang), "--html", page, capture); status != 0 {
			t.Fatalf("check: exit status %d", status)
		}
		keepsSpaces(t, chromium, page)
	}
}
