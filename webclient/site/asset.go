package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets page texts
var embedded embed.FS

// assets are the files that the page loads. Their addresses carry a version, a
// hash over all of them, so that they can be cached for good and modules can
// still import each other by relative paths.
type assets struct {
	version string
	files   map[string]*file // by path below the version
}

func loadAssets() *assets {
	a := &assets{files: map[string]*file{}}
	hash := sha256.New()
	for _, dir := range []string{"assets", "texts"} {
		err := fs.WalkDir(embedded, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := embedded.ReadFile(name)
			if err != nil {
				return err
			}
			hash.Write([]byte(name + "\x00"))
			hash.Write(data)
			a.files[strings.TrimPrefix(name, "assets/")] = newFile(name, data)
			return nil
		})
		if err != nil {
			panic("site: " + err.Error())
		}
	}
	a.version = hex.EncodeToString(hash.Sum(nil)[:6])
	return a
}

// file is what one address answers, plain and compressed.
type file struct {
	contentType string
	data, gzip  []byte // gzip is nil where it would not be smaller
	tag         string
}

var contentTypes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".svg":         "image/svg+xml",
	".webmanifest": "application/manifest+json",
}

func newFile(name string, data []byte) *file {
	sum := sha256.Sum256(data)
	f := &file{contentType: contentTypes[path.Ext(name)], data: data, tag: hex.EncodeToString(sum[:8])}
	if f.contentType == "" {
		panic("site: no content type for " + name)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	w.Write(data)
	w.Close()
	if b.Len() < len(data) {
		f.gzip = b.Bytes()
	}
	return f
}

// serve answers with the file: whole, a range of it, or 304.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	data, tag := f.negotiate(w, r)
	w.Header().Set("ETag", tag)
	// Embedded files have no time, so only the tag says what is cached.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// serveStatus answers with the file as a page of that status, never in parts.
func (f *file) serveStatus(w http.ResponseWriter, r *http.Request, status int) {
	data, _ := f.negotiate(w, r)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(data)
	}
}

// negotiate returns the plain or the compressed bytes and sets their headers. A range
// is one of the plain bytes, whatever the client accepts.
func (f *file) negotiate(w http.ResponseWriter, r *http.Request) (data []byte, tag string) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Add("Vary", "Accept-Encoding")
	if f.gzip != nil && r.Header.Get("Range") == "" && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		return f.gzip, `"` + f.tag + `-gz"`
	}
	return f.data, `"` + f.tag + `"`
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3).
func acceptsGzip(header string) bool {
	accepted := false
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.ToLower(part), ";")
		coding = strings.TrimSpace(coding)
		if coding != "gzip" && coding != "*" {
			continue
		}
		q := strings.TrimSpace(weight)
		refused := strings.HasPrefix(q, "q=0") && strings.Trim(q[3:], ".0") == ""
		if coding == "gzip" {
			return !refused
		}
		accepted = !refused
	}
	return accepted
}
