package main

import (
	"fmt"
	"io"
	"net"
	"strconv"

	"chatlab/sniffer/capture"
)

// listInterfaces prints them as -D does.
func listInterfaces(w io.Writer) error {
	all, err := capture.Interfaces()
	if err != nil {
		return err
	}
	for i, d := range all {
		about := ""
		if d.Description != "" {
			about = " (" + d.Description + ")"
		}
		if _, err := fmt.Fprintf(w, "%d.%s%s [%s]\n", i+1, d.Name, about, d.Status()); err != nil {
			return err
		}
	}
	return nil
}

// interfaceOf finds what -i means: a name, a number of -D's list if no
// interface is called so, or without one the first of the list.
func interfaceOf(device string) (string, error) {
	n, err := strconv.Atoi(device)
	if device != "" && err != nil {
		return device, nil
	}
	if _, err := net.InterfaceByName(device); err == nil {
		return device, nil
	}
	all, err := capture.Interfaces()
	if err != nil {
		return "", err
	}
	if device == "" {
		for _, d := range all {
			if d.Name != "any" || len(all) == 1 {
				return d.Name, nil
			}
		}
		return "", texts.Error("interface.none").WithHint(texts.Message("hint.any"))
	}
	if n < 1 || n > len(all) {
		return "", texts.Error("interface.number").WithHint(texts.Message("hint.interfaces"))
	}
	return all[n-1].Name, nil
}
