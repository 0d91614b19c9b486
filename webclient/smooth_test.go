package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"

	"chatlab/webclient/site"
	"chatlab/webclient/wire"
)

// BenchmarkSmooth measures, in the browser, how long frames take while 1000
// messages and 5000 packets are on the page, the ladder and the messages scroll
// and 500 packets a second come in:
//
//	go test ./webclient -run '^$' -bench Smooth -benchtime 1x
func BenchmarkSmooth(b *testing.B) {
	w := wire.New(wire.Options{Bytes: 256 << 20})
	b.Cleanup(func() { w.Close() })
	page, _ := serveBoth(b, site.Options{Wire: w})
	packets := documentedPackets(b)
	w.SetStatus(wire.Status{Running: true})
	fed := 0
	feed := func(n int) {
		for range n {
			w.Feed(&packets[fed%len(packets)])
			fed++
		}
	}
	v := openFor(b, page, 1280, 720, "en", 2*time.Minute)
	v.enter("alice")
	eval[any](v, fmt.Sprintf(`(async () => {
		const socket = new WebSocket("ws://" + location.hostname + ":" + document.documentElement.dataset.chatPort);
		await new Promise((open) => socket.onopen = open);
		socket.send(JSON.stringify({ type: "login", client_name: "bob", room_id: 1 }));
		for (let i = 0; i < %d; i++) {
			socket.send(JSON.stringify({ type: "say", to_client_id: "all", content: "message " + i + " https://example.org/ and some more words" }));
			await new Promise((heard) => socket.onmessage = (e) => JSON.parse(e.data).type === "say" && heard());
			if (i %% 50 === 49) await new Promise((later) => setTimeout(later, 500)); // the server's limit of a member
		}
	})()`, 1000))
	v.until(`document.querySelectorAll(".message").length === 1000`)
	feed(5000)
	v.until(`document.querySelector("#wire-count").textContent.startsWith("5000 ")`)
	call(v, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	for b.Loop() {
		end := make(chan struct{})
		go func() {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-end:
					return
				case <-tick.C:
					feed(10)
				}
			}
		}()
		before := busy(v)
		frames := eval[[]float64](v, scrolling)
		cpu := busy(v) - before
		close(end)
		total, worst, late := 0.0, 0.0, 0
		for _, ms := range frames {
			total += ms
			worst = max(worst, ms)
			if ms > 25 { // a frame of 60 a second was left out
				late++
			}
		}
		b.ReportMetric(float64(len(frames))/total*1000, "frames/s")
		b.ReportMetric(cpu*1000/float64(len(frames)), "cpu-ms/frame")
		b.ReportMetric(worst, "worst-ms")
		b.ReportMetric(float64(late), "late")
		b.ReportMetric(0, "ns/op")
	}
	v.clean()
	// What this machine gives a page that does nothing, at the same moment.
	empty := openFor(b, page+"/nothing", 1280, 720, "en", time.Minute)
	frames := eval[[]float64](empty, scrolling)
	total := 0.0
	for _, ms := range frames {
		total += ms
	}
	b.ReportMetric(float64(len(frames))/total*1000, "empty-page-frames/s")
}

// scrolling scrolls both lists for five seconds and gives the frames' times.
const scrolling = `new Promise((done) => {
	const lists = [...document.querySelectorAll("#ladder, #messages")];
	for (const list of lists) list.scrollTop = 0;
	const times = [];
	let last = performance.now();
	const begin = last;
	const frame = (now) => {
		times.push(now - last);
		last = now;
		for (const list of lists) list.scrollTop += 40;
		if (now - begin < 5000) requestAnimationFrame(frame);
		else done(times.slice(1));
	};
	requestAnimationFrame(frame);
})`

// busy is the processor time that the page's main thread has taken, in seconds.
func busy(v *window) float64 {
	for _, m := range call(v, performance.GetMetrics, cdp.Empty{}).Metrics {
		if m.Name == "TaskDuration" {
			return m.Value
		}
	}
	v.t.Fatal("no TaskDuration")
	return 0
}
