package main

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"golang.org/x/sync/errgroup"

	"chatlab/webclient/browsertest"
)

// lessons are the stages that a lesson can have here, with the rights that each takes.
func lessons(t *testing.T) map[string]string {
	t.Helper()
	stages := map[string]string{"host": ",+net_raw", "namespace": "", "userspace": ""}
	if why := namespaces(); why != "" {
		t.Log(why)
		delete(stages, "namespace")
	}
	return stages
}

// A class of thirty machines follows the invitation, whichever stage it plays on: each
// hears its own message and all others'. Two are browsers, a desk's and a telephone's. The
// teacher, on the machine itself, sees their packets.
func TestClassJoins(t *testing.T) {
	room := newClassroom(t, "127.0.0.1 localhost\n")
	var browsers [2]*chromiumWindow
	for i := range browsers {
		browsers[i] = room.others[i].browser(t, []string{"en", "fr"}[i])
	}
	phone := emulation.SetDeviceMetricsOverrideParams{Width: 360, Height: 740, DeviceScaleFactor: 3, Mobile: true}
	if _, err := chromedp.Call(browsers[1].ctx, emulation.SetDeviceMetricsOverride, phone); err != nil {
		t.Fatal(err)
	}
	const wire = "http://10.72.72.1:55151"
	for name, rights := range lessons(t) {
		t.Run(name, func(t *testing.T) {
			in := room.teacher.lesson(t, rights, "--stage", name)
			if want := (invitation{[]string{"http://127.0.0.1:55151"}, []string{wire, "http://[2001:db8:72::1]:55151"}}); !slices.Equal(in.here, want.here) || !slices.Equal(in.class, want.class) {
				t.Fatalf("it invites to %q, want %q", in, want)
			}
			ctx, cancel := context.WithTimeout(t.Context(), longest)
			defer cancel()
			var windows [2]*chromiumWindow
			for i, b := range browsers {
				ctx, cancel := context.WithTimeout(b.ctx, longest)
				defer cancel()
				windows[i] = &chromiumWindow{t, ctx}
				// A page whose lesson is over may load itself again, while the next is opened.
				t.Cleanup(func() { chromedp.Do(b.ctx, chromedp.Navigate("about:blank")) })
			}
			var texts, clients []string
			var joining errgroup.Group
			members := make([]*member, 2*(seats-1))
			for i, h := range room.others {
				for n := range seats {
					who := fmt.Sprintf("s%d-%d", i, n)
					texts = append(texts, "hello from "+who)
					clients = append(clients, seat(i, n))
					if n == 0 { // the address that the browser has
						continue
					}
					joining.Go(func() (err error) {
						members[i*(seats-1)+n-1], err = h.join(ctx, seat(i, n), wire, who)
						return err
					})
				}
			}
			if err := joining.Wait(); err != nil {
				t.Fatal(err)
			}
			for i, b := range windows {
				b.open(wire)
				b.do(fmt.Sprintf(`document.documentElement.lang === %q`, []string{"en", "fr"}[i]), "")
				b.enter(fmt.Sprintf("s%d-0", i))
				b.do(`document.querySelector("#state").dataset.state === "open"`, "")
			}
			var talking errgroup.Group
			for _, m := range members {
				defer m.conn.CloseNow()
				talking.Go(func() error {
					if err := m.say(ctx, "hello from "+m.name); err != nil {
						return err
					}
					return m.hears(ctx, texts)
				})
			}
			for i, b := range windows {
				b.say(fmt.Sprintf("hello from s%d-0", i))
			}
			if err := talking.Wait(); err != nil {
				t.Error(err)
			}
			for _, b := range windows {
				b.do(fmt.Sprintf(`((said) => %q.split(",").every((text) => said.includes(text)))([...document.querySelectorAll("#messages .message:not(.pending) .text")].map((e) => e.textContent))`, strings.Join(texts, ",")), "")
			}
			// On the host the packets are those of every interface, else those of a
			// loopback behind a relay.
			if name != "host" {
				clients = []string{"127.0.0.1"}
			}
			if err := room.teacher.watch(ctx, in.here[0], clients...); err != nil {
				t.Error(err)
			}
		})
	}
}

// browser starts Chromium on the host, in a language, and gives a window of it.
func (h host) browser(t *testing.T, lang string) *chromiumWindow {
	t.Helper()
	dir := openDir(t)
	return &chromiumWindow{t, browsertest.Start(t, chromedp.UserDataDir(dir), chromedp.Env("HOME="+dir), chromedp.Flag("accept-lang", lang),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) {
			there := h.on("", append([]string{cmd.Path}, cmd.Args[1:]...)...)
			cmd.Path, cmd.Args, cmd.SysProcAttr = there.Path, there.Args, there.SysProcAttr
		}))}
}
