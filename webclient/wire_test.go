package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"chatlab/lab/scenario"
	"chatlab/sniffer/capture"
	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/chat"
	"chatlab/sniffer/dissect"
	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

// serveLive starts chat, page and a wire that captures the machine's loopback.
func serveLive(t *testing.T) (page string, chat *chatServer, w *wire.Wire) {
	t.Helper()
	live, err := capture.Open(capture.Options{Interface: "lo"})
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no live capture (%v): run as root, or setcap cap_net_raw+ep on the test binary", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	handler := new(later)
	page, chat = serveBoth(t, site.Options{Wire: handler})
	w = wire.New(wire.Options{Port: uint16(chat.port())})
	handler.Handler = w
	done := make(chan error, 1)
	go func() { done <- w.Run(t.Context(), live) }()
	t.Cleanup(func() {
		live.Close()
		w.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return page, chat, w
}

// serveWire starts chat, page and a wire that the test feeds.
func serveWire(t *testing.T, o site.Options) (page string, chat *chatServer, w *wire.Wire) {
	t.Helper()
	w = wire.New(wire.Options{})
	t.Cleanup(func() { w.Close() })
	o.Wire = w
	page, chat = serveBoth(t, o)
	return page, chat, w
}

// documentedPackets are those of the documented capture and before it.
func documentedPackets(t testing.TB) []capture.Packet {
	t.Helper()
	packets, err := scenario.Packets(true)
	if err != nil {
		t.Fatal(err)
	}
	return packets
}

// feed has a wire, which is said to run, see packets.
func feed(w *wire.Wire, packets []capture.Packet) {
	w.SetStatus(wire.Status{Running: true})
	for i := range packets {
		w.Feed(&packets[i])
	}
}

// serveDocumented starts a page whose wire has the documented packets.
func serveDocumented(t *testing.T) string {
	t.Helper()
	page, _, w := serveWire(t, site.Options{})
	feed(w, documentedPackets(t))
	return page
}

// comments is what the rows in sight say to a screen reader.
const comments = `[...document.querySelectorAll(".packet")].map((e) => e.querySelector(".hidden").textContent).join("\n")`

func TestWireShowsWhatOneClicks(t *testing.T) {
	page, _, _ := serveLive(t)
	other := open(t, page, 1280, 720, "en")
	other.enter("猪猪")
	b := open(t, page, 1440, 900, "en")
	b.enter("mynick")
	b.click("#only-mine")
	b.say("hi,  all !")
	b.sees("hi,  all !")
	b.until(`document.querySelector("#ladder").textContent.includes("The sender, too, gets its message")`)
	words := eval[string](b, comments)
	for _, want := range []string{"Says to everybody: “hi,  all !”", "mynick (", "The sender, too, gets its message: “hi,  all !”", "– mine"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in\n%s", want, words)
		}
	}
	if strings.Contains(words, "猪猪 (") {
		t.Errorf("the other's packets are shown as mine:\n%s", words)
	}
	b.click("#only-mine")
	b.until(`document.querySelectorAll(".packet .arrow.others").length > 0`)
	b.picture("wire-1440x900")
	openOwn(b, "Says to everybody")
	b.until(`!document.querySelector("#unmask-section").hidden`)
	b.picture("packet-1440x900")
	b.click("#theme")
	for range 9 {
		b.click("#unmask-next")
	}
	b.picture("unmask-dark-1440x900")
	b.click("#unmask-all")
	if got := eval[string](b, `document.querySelector("#unmask-text .clear").textContent`); !strings.Contains(got, `"content":"hi,  all !"`) {
		t.Errorf("the unmasked text is %q", got)
	}
	b.clean()
	other.clean()
}

// openOwn opens a packet of the window's own whose words contain text.
func openOwn(b *window, text string) {
	b.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(".packet.mine")].find((e) => e.textContent.includes(%q))?.id`, text)
	b.until(find)
	b.click("#" + eval[string](b, find))
}

// openSay opens, with the keyboard, the documented packet that says "hi,  all !".
func openSay(b *window) {
	b.t.Helper()
	eval[chromedp.Void](b, `document.querySelector("#ladder").focus()`)
	b.key("End", 35, "", 0)
	for range 4 {
		b.key("ArrowUp", 38, "", 0)
	}
	b.key("Enter", 13, "\r", 0)
	b.until(`!document.querySelector("#unmask-section").hidden`)
}

func TestPageFitsEveryScreen(t *testing.T) {
	b := open(t, serveDocumented(t), 1920, 1080, "fr")
	b.enter("mynick")
	b.say("Un mot d’une longueur déraisonnable : " + strings.Repeat("anticonstitutionnellement", 8))
	b.until(`document.querySelectorAll(".message").length === 1 && document.querySelectorAll(".packet").length > 3`)
	for _, size := range [][2]int64{{1920, 1080}, {1280, 720}, {768, 1024}, {390, 844}, {320, 640}} {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		b.do(chromedp.EmulateViewport(size[0], size[1]))
		fits := func(what string) {
			t.Helper()
			if got := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); got > 0 {
				t.Errorf("%s at %s: %d pixels too wide", what, name, got)
			}
			b.picture(what + "-" + name)
		}
		fits("wire")
		openSay(b)
		fits("packet")
		eval[chromedp.Void](b, `document.querySelectorAll(".layer.app .field")[6].focus()`)
		fits("bytes")
		b.key("Escape", 27, "", 0)
	}
	b.clean()
}

// press clicks a button of the wire and waits for it to say so.
func (b *window) press(id string, want bool) {
	b.t.Helper()
	b.click("#" + id)
	b.until(fmt.Sprintf(`document.querySelector("#%s").getAttribute("aria-pressed") === "%v"`, id, want))
}

func TestWireFiltersPauseClearAndDownload(t *testing.T) {
	page, _, w := serveWire(t, site.Options{Dialect: chat.V2014})
	packets := documentedPackets(t)
	feed(w, nil)
	b := open(t, page, 1280, 720, "en")
	b.enter("x")
	count := func(text string) {
		t.Helper()
		b.until(fmt.Sprintf(`document.querySelector("#wire-count").textContent === %q`, text))
	}
	count("0 of 0 packets")
	b.until(`document.querySelector("#wire-notice").textContent.includes("Say something")`)
	feed(w, packets[:20])
	count("20 of 20 packets")
	b.press("pause", true)
	feed(w, packets[20:])
	b.until(`document.querySelector("#wire-notice").textContent.includes("14 packets wait")`)
	count("20 of 20 packets")

	// The downloaded file has all packets as they were fed, those too that a
	// filter hides and those that wait.
	b.press("only-mine", true)
	count("0 of 20 packets")
	got := b.downloaded()
	if len(got) != len(packets) {
		t.Fatalf("%d packets in the file of %d", len(got), len(packets))
	}
	for i, p := range got {
		want := packets[i]
		if !bytes.Equal(p.Data, want.Data) || !p.Time.Equal(want.Time) || p.Length != want.Length || p.LinkType != want.LinkType {
			t.Errorf("packet %d is another one in the file", i+1)
		}
	}
	b.press("only-mine", false)
	b.press("pause", false)
	count("34 of 34 packets")
	b.press("only-data", true)
	data := 0
	for i := range packets {
		var s dissect.Segment
		if err := s.Decode(&packets[i]); err != nil {
			t.Fatal(err)
		}
		if s.Length > 0 {
			data++
		}
	}
	count(fmt.Sprintf("%d of 34 packets", data))
	b.press("only-mine", true)
	count("0 of 34 packets")
	b.until(`document.querySelector("#wire-notice").textContent.includes("none that the filters let through")`)
	b.press("only-mine", false)
	b.press("only-data", false)
	b.click("#clear")
	count("0 of 0 packets")
	feed(w, packets[:3])
	count("3 of 3 packets")
	b.clean()
}

// downloaded clicks the button and gives the packets in the file.
func (b *window) downloaded() []capture.Packet {
	b.t.Helper()
	return b.saved("#download", "chatlab.pcap")
}

// saved clicks what saves a capture file of that name, and gives its packets.
func (b *window) saved(selector, name string) []capture.Packet {
	b.t.Helper()
	dir := b.t.TempDir()
	if _, err := chromedp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow,
		BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID, DownloadPath: dir, EventsEnabled: new(true)}); err != nil {
		b.t.Fatal(err)
	}
	finished := make(chan struct{})
	done := sync.OnceFunc(func() { close(finished) })
	if err := chromedp.ListenBrowser(b.ctx, func(event any) {
		if e, ok := event.(*browser.EventDownloadProgress); ok && e.State == browser.DownloadProgressStateCompleted {
			done()
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	b.click(selector)
	select {
	case <-finished:
	case <-time.After(time.Minute):
		b.t.Fatal("no download")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	r, err := capture.NewReader(f)
	if err != nil {
		b.t.Fatal(err)
	}
	var all []capture.Packet
	for {
		var p capture.Packet
		if err := r.Read(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			b.t.Fatal(err)
		}
		p.Data = bytes.Clone(p.Data)
		all = append(all, p)
	}
}

func TestWireSpeaksThePagesLanguage(t *testing.T) {
	b := open(t, serveDocumented(t), 1280, 720, "zh")
	b.enter("x")
	for _, tt := range []struct{ lang, comment, packet string }{
		{"zh", "", "第 34 个数据包"}, {"fr", "Transmet ce qu’a dit mynick\u00a0: «\u00a0hi,  all !\u00a0»", "Paquet 34"}, {"en", "Passes on what mynick said: “hi,  all !”", "Packet 34"},
	} {
		if tt.lang != "zh" {
			b.choose("#language", tt.lang)
		}
		b.until(fmt.Sprintf(`(%s).includes(%q)`, comments, tt.packet))
		b.until(fmt.Sprintf(`(%s).includes(%q)`, comments, tt.comment))
	}
	b.clean()
}

// With the keyboard alone one gets from the list to a byte's meaning.
func TestWireByKeyboard(t *testing.T) {
	b := open(t, serveDocumented(t), 1280, 720, "en")
	b.enter("x")
	b.until(`document.querySelectorAll(".packet").length > 3`)
	eval[chromedp.Void](b, `document.querySelector("#ladder").focus()`)
	active := func() string {
		return eval[string](b, `document.getElementById(document.querySelector("#ladder").getAttribute("aria-activedescendant")).querySelector(".hidden").textContent`)
	}
	b.key("Home", 36, "", 0)
	if got := active(); !strings.HasPrefix(got, "Packet 1, ") || !strings.Contains(got, ": SYN, 0 bytes of data.") {
		t.Errorf("the first is %q", got)
	}
	b.key("End", 35, "", 0)
	for range 4 {
		b.key("ArrowUp", 38, "", 0)
	}
	if got := active(); !strings.Contains(got, "from mynick (60653) to server (port 7272): PSH ACK, 58 bytes of data.\nMessage sent") {
		t.Errorf("the fifth from the end is %q", got)
	}
	b.key("Enter", 13, "\r", 0)
	b.until(`document.querySelector("#opened-title").textContent === "Packet 30"`)

	// Fields and bytes light up together, both ways.
	fields := eval[[][]string](b, `[...document.querySelectorAll(".layer.app .field")].map((f) => {
		f.focus();
		return [f.textContent, [...document.querySelectorAll(".byte.lit")].map((e) => e.textContent).join(" "), document.querySelector("#field-says .pattern")?.textContent ?? ""];
	})`)
	want := [][]string{
		{"FIN 1", "81", "1·······"}, {"RSV1 to RSV3 0", "81", "·000····"}, {"Opcode 1 text", "81", "····0001"},
		{"MASK 1", "b4", "1·······"}, {"Length (7 bits) 52", "b4", "·0110100"},
		{"Masking key 3c 31 37 44", "3c 31 37 44", "00111100001100010011011101000100"},
	}
	for i := range want {
		if quoted(fields[i]) != quoted(want[i]) {
			t.Errorf("field %d is %q, want %q", i, fields[i], want[i])
		}
	}
	if got := fields[7][0]; got != `Unmasked {"type":"say","to_uid":"all","content":"hi,  all !"}` {
		t.Errorf("the last field is %q", got)
	}
	eval[chromedp.Void](b, `document.querySelector("#hex").focus()`)
	for range 4 { // back from the first byte of the payload to the key
		b.key("ArrowLeft", 37, "", 0)
	}
	if got := eval[string](b, `document.querySelector(".field.chosen .field-name").textContent`); got != "Masking key" {
		t.Errorf("the byte belongs to %q", got)
	}

	// Unmasking: two header bytes, the key, then 52 bytes.
	eval[chromedp.Void](b, `document.querySelector("#unmask-next").focus()`)
	for i, want := range []string{"", "", "", "{", `{"`, `{"t`} {
		if got := eval[string](b, `document.querySelector("#unmask-text .clear").textContent`); got != want {
			t.Errorf("step %d shows %q", i, got)
		}
		b.key("Enter", 13, "\r", 0)
	}
	if got := eval[string](b, `document.querySelector(".unmask-says .hidden").textContent`); got != "Byte 4 of 52: 3d XOR key byte 4, 44, is 79: y" {
		t.Errorf("it says %q", got)
	}
	b.key("Escape", 27, "", 0)
	b.until(`document.querySelector("#opened").hidden && document.activeElement.id === "ladder"`)
	b.clean()
}

func TestWireSaysWhyItIsEmpty(t *testing.T) {
	page, _, w := serveWire(t, site.Options{})
	b := open(t, page, 1280, 720, "fr")
	b.enter("x")
	says := func(text string) {
		t.Helper()
		b.until(fmt.Sprintf(`document.querySelector("#wire-notice").textContent.includes(%q)`, text))
	}
	says("go run ./lab serve")
	b.picture("nosource-1280x720")
	w.SetStatus(wire.Status{Explain: func(l catalogue.Lang) []string { return []string{"parce que " + string(l)} }})
	says("parce que fr")
	b.choose("#language", "en")
	says("parce que en")
	w.SetStatus(wire.Status{Running: true})
	says("Say something")
}

// A name from the wire is a name, in lifelines and comments too.
func TestHostileNamesOnTheWire(t *testing.T) {
	page, _, _ := serveLive(t)
	b := open(t, page, 1280, 720, "en")
	b.enter(`<img src=x onerror="window.hit=1">`)
	b.say(`<script>window.hit=2</script>`)
	b.until(`document.querySelector("#ladder").textContent.includes("<script>window.hit=2</script>")`)
	openOwn(b, "Says to everybody")
	b.until(`document.querySelector("#layers").textContent.includes("<script>")`)
	b.click("#unmask-all")
	if got := eval[int](b, `(window.hit ?? 0) + document.querySelectorAll("#wire img, #wire script, #wire b b").length`); got != 0 {
		t.Errorf("%d", got)
	}
	b.clean()
}

// Two spaces that somebody typed are two wherever they are shown: in names and
// messages, in the chat and on the wire.
func TestSpacesStay(t *testing.T) {
	page, _, _ := serveLive(t)
	other := open(t, page, 1280, 720, "en")
	other.enter("the  other")
	b := open(t, page, 1920, 1080, "en")
	b.enter("my  nick")
	b.until(`document.querySelectorAll("#members li").length === 2`)
	b.click("#members li:nth-child(2) button")
	b.say("psst,  you")
	b.sees("psst,  you")
	b.choose("#to", "all")
	b.say("hi,  all !")
	b.sees("hi,  all !")
	openOwn(b, "Says to everybody")
	b.until(`!document.querySelector("#unmask-section").hidden`)
	b.click("#unmask-all")
	b.until(`[...document.querySelectorAll(".field-name")].some((e) => e.textContent === "Unmasked")`)
	eval[chromedp.Void](b, `[...document.querySelectorAll(".field")].find((e) => e.textContent.startsWith("Unmasked")).click()`)
	eval[chromedp.Void](other, `document.querySelector("#nickname-input").value = ""`)
	other.click("#rename")
	other.answer("an  other")
	b.until(`document.querySelector("#messages").textContent.includes("is now called")`)
	for _, w := range []*window{b, other} {
		text := eval[string](w, `document.body.innerText`)
		for _, typed := range []string{"my  nick", "an  other", "psst,  you", "hi,  all !"} {
			if once := strings.ReplaceAll(typed, "  ", " "); strings.Contains(text, once) {
				t.Errorf("%q is shown as %q in %q", typed, once, regexp.MustCompile(`.{0,60}`+regexp.QuoteMeta(once)+`.{0,20}`).FindAllString(text, -1))
			}
			if !strings.Contains(text, typed) {
				t.Errorf("%q is not shown", typed)
			}
		}
	}
	b.choose("#to", eval[string](b, `document.querySelectorAll("#to option")[1].value`))
	b.picture("spaces-1920x1080")
	b.clean()
}
