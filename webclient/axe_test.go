package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axeCore is the accessibility checker that the tests use. It is no part of the
// project: npm brings it when it is needed.
const axeCore = "axe-core@4.14.1"

func axe(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("no npm to fetch axe-core with: apt-get install npm")
	}
	dir := t.TempDir()
	cmd := exec.Command(npm, "pack", "--silent", "--prefer-offline", axeCore)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("npm pack %s: %v: %s", axeCore, err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		t.Fatalf("npm pack left %q, %v", found, err)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			t.Fatal("no axe.min.js in the package")
		} else if err != nil {
			t.Fatal(err)
		}
		if h.Name == "package/axe.min.js" {
			script, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return string(script)
		}
	}
}

func TestAccessibility(t *testing.T) {
	script := axe(t)
	url := serveDocumented(t)
	for _, size := range [][2]int64{{1440, 900}, {390, 844}} {
		b := open(t, url, size[0], size[1], "en")
		call(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}) // for axe, not for the page
		b.do(chromedp.Reload())
		eval[chromedp.Void](b, script+"; 0")
		check := func(what string) {
			t.Helper()
			// What the themes differ in is contrast.
			for theme, options := range map[string]string{"light": `{}`, "dark": `{ runOnly: ["color-contrast"] }`} {
				found := eval[[]string](b, `(async () => {
					document.documentElement.dataset.theme = "`+theme+`";
					// Colours on their way from one theme to the other are neither's.
					await Promise.allSettled(document.getAnimations().map((a) => a.finished));
					return axe.run(`+options+`);
				})().then((r) => r.violations.map((v) =>
					v.impact + " " + v.id + ": " + v.nodes.map((n) => n.target + " " + (n.any[0]?.message ?? "")).join("; ")))`)
				for _, fault := range found {
					t.Errorf("%s, %s, %d wide: %s", what, theme, size[0], fault)
				}
			}
		}
		b.until(`document.querySelector("#nickname").open`)
		check("nickname")
		b.enter("alice")
		b.say("hello https://example.org/")
		b.sees("hello https://example.org/")
		if size[0] < 640 {
			b.click("#show-wire")
		}
		b.until(`document.querySelectorAll(".packet").length > 3`)
		check("chat and wire")
		openSay(b)
		eval[chromedp.Void](b, `document.querySelectorAll(".layer.app .field")[2].focus()`)
		check("opened packet")
	}
}
