package bundle

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"chatlab/lab/texts"
)

// Get asks the page's server for what is at a path, as a browser on the stage
// does. The page must be on the stage.
func (b *Bundle) Get(ctx context.Context, path string) error {
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return b.stage.Dial(ctx, 0, Port(b.Page))
		},
	}}
	url := fmt.Sprintf("http://%s:%d%s", loopback, b.PagePort, path)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return texts.Lab.Error("page.open", "why", err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return texts.Lab.Error("page.status", "url", url, "status", response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}
