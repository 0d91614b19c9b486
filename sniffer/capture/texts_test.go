package capture

import (
	"bytes"
	"encoding/binary"
	"os"
	"runtime"
	"testing"

	"chatlab/sniffer/catalogue"
	"chatlab/sniffer/catalogue/cataloguetest"
)

func TestKeys(t *testing.T) {
	cataloguetest.Keys(t, texts, map[string][]string{"part.": {"file-header", "header", "captured"}}, ".")
}

// What is cut off, and a file that is none, are told in each language.
func TestUnreadable(t *testing.T) {
	cut := func(b ...byte) error { _, err := NewReader(bytes.NewReader(b)); return err }
	dir, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	_, isDirectory := NewReader(dir)
	for _, tt := range []struct {
		err  error
		lang catalogue.Lang
		want string
	}{
		{cut(), catalogue.English, "truncated dump file; tried to read 4 file header bytes, only got 0"},
		{cut(0xd4), catalogue.French, "fichier de capture tronqué\u00a0: 1 octet sur 4 (en-tête du fichier)"},
		{cut(0xd4, 0xc3), catalogue.Chinese, "抓包文件不完整：要读 4 字节（文件首部），只有 2 字节"},
		{cut(append(pcapFile(binary.LittleEndian, magicMicro, 65535, 1, 0)[:4], 9, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)...), catalogue.French, "version 9.9 de fichier pcap non reconnue"},
		{isDirectory, catalogue.French, "erreur de lecture du fichier de capture\u00a0: c’est un dossier"},
	} {
		if runtime.GOOS == "windows" && tt.err == isDirectory {
			continue
		}
		if got := catalogue.Words(tt.err, tt.lang); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
