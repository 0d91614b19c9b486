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
	"chatlab/webclient/browsertest"
)

// collapsed gives the texts of a page in which a browser shows two spaces as one.
const collapsed = `(() => {
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [];
	while (texts.nextNode()) {
		const keeps = getComputedStyle(texts.currentNode.parentElement).whiteSpaceCollapse;
		if (/\S {2,}\S/.test(texts.currentNode.data) && !keeps.includes("preserve")) all.push(texts.currentNode.data);
	}
	return all.join("; ");
})()`

// keepsSpaces fails the test where a report, as a browser shows it, has not the
// message's two spaces, or in any place one instead of two.
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
	one, err := chromedp.Run(ctx, chromedp.Evaluate[string](collapsed))
	if err != nil {
		t.Fatal(err)
	}
	if one != "" || strings.Contains(text, "hi, all !") {
		t.Errorf("%s shows one space instead of two: %s", filepath.Base(file), one)
	}
}

func TestCheckReportKeepsSpaces(t *testing.T) {
	chromium := browsertest.Start(t)
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
		// As it should be; what was expected beside what was got; both out of place.
		for i, task := range [][]string{nil, {"--message", "ho,  all !"}, {"--nick", "hi,  all !", "--message", "ho,  all !"}} {
			args := append([]string{"check", "--lang", string(lang), "--html", page, capture}, task...)
			if status := lab(args...); status != min(i, 1) {
				t.Fatalf("check %q: exit status %d", task, status)
			}
			keepsSpaces(t, chromium, page)
		}
	}
}
