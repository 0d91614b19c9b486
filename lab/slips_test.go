//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"chatlab/lab/class"
	"chatlab/sniffer/catalogue"
	"chatlab/webclient/browsertest"
)

// slips writes the slips of n students and gives the page's file and the links that
// must be on it, sorted.
func slips(t *testing.T, lang catalogue.Lang, n int) (file string, links []string) {
	t.Helper()
	var list strings.Builder
	for i := range n {
		id := fmt.Sprintf("élève-%03d", i)
		list.WriteString(id + "\n")
		links = append(links, "http://192.168.111.222:55151/?token="+class.Token("S", id))
	}
	dir := t.TempDir()
	names := filepath.Join(dir, "class.txt")
	if err := os.WriteFile(names, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "slips.html")
	args := []string{"assign", "--lang", string(lang), "--secret", "S", "--class", names, "--slips", file, "--url", "http://192.168.111.222:55151"}
	var told strings.Builder
	if status := run(t.Context(), args, io.Discard, &told, func(string) string { return "" }); status != exitRight || told.Len() > 0 {
		t.Fatalf("exit status %d: %s", status, told.String())
	}
	slices.Sort(links)
	return file, links
}

// onScreen opens a file in a window of a browser.
func onScreen(t *testing.T, chromium context.Context, file string) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, longest)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(900, 1200, chromedp.EmulateScale(2)), chromedp.Navigate("file://"+filepath.ToSlash(file))); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// What a telephone's camera sees on a slip is its student's link.
func TestSlipsAreScanned(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("nothing to read QR codes with: apt-get install zbar-tools")
	}
	file, links := slips(t, catalogue.Chinese, 30)
	png, err := chromedp.Run(onScreen(t, browsertest.Start(t), file), chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(t.TempDir(), "slips.png")
	if err := os.WriteFile(picture, png, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(zbar, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture).Output()
	if err != nil {
		t.Fatal(err)
	}
	read := strings.Fields(string(out))
	slices.Sort(read)
	if !slices.Equal(read, links) {
		t.Errorf("read %d of %d links: %q", len(read), len(links), read)
	}
}

var printedPage = regexp.MustCompile(`/Type\s*/Page\b`)

// Ten slips fit on a page of A4 and of Letter, and none is torn by a page's end: on a
// low one with room for nearly two rows there is one.
func TestSlipsArePrinted(t *testing.T) {
	file, links := slips(t, catalogue.French, 40)
	ctx := onScreen(t, browsertest.Start(t), file)
	for _, paper := range []struct {
		name          string
		width, height float64 // mm
		slips         int     // on a page
	}{{"A4", 210, 297, 10}, {"Letter", 215.9, 279.4, 10}, {"low", 210, 115, 2}} {
		printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: paper.width / 25.4, PaperHeight: paper.height / 25.4})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(printedPage.FindAll(printed.Data, -1)); n != len(links)/paper.slips {
			t.Errorf("%s: %d slips on %d pages", paper.name, len(links), n)
		}
	}
}

// A slip's link opens the lesson as its student: the page asks for the nickname of the
// task, and keeps the token out of sight.
func TestSlipOpensTheLesson(t *testing.T) {
	chromium := browsertest.Start(t)
	list := filepath.Join(t.TempDir(), "class.txt")
	if err := os.WriteFile(list, []byte("anna\nzoé\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t), "serve", "--class", list, "--secret", "S", "--stage", "userspace", "--host", "127.0.0.1", "--chat", "0", "--page", "0")
	lesson := regexp.MustCompile(`http://\S+`).FindString(invited(t, cmd))
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	slip, err := exec.Command(built(t), "assign", "--secret", "S", "--slips", "-", "--url", lesson, "ZOÉ").Output()
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`href="([^"]*)"`).FindSubmatch(slip)
	if link == nil {
		t.Fatalf("no link in\n%s", slip)
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, longest)
	defer cancel()
	w := &chromiumWindow{t, ctx}
	w.open(string(link[1]))
	w.do(fmt.Sprintf(`document.querySelector("#nickname-input")?.value === %q && !location.href.includes("token")`, class.Assign("S", "zoé").Nick), "")
}
