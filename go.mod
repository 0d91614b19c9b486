module chatlab

go 1.26.0

require (
	github.com/google/gopacket v1.1.19
	golang.org/x/sys v0.49.0
)

require (
	github.com/rivo/uniseg v0.4.7 // indirect
	golang.org/x/net v0.0.0-20190620200207-3b0461eec859 // indirect
	golang.org/x/term v0.47.0 // indirect
)
