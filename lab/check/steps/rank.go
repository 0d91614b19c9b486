package steps

import "chatlab/sniffer/annotate"

// Complete tells whether all steps were found.
func Complete(judged []Step) bool {
	for _, s := range judged {
		if s.Status != Found {
			return false
		}
	}
	return true
}

// refused: the browser asked for WebSocket, and the server did not grant it.
func (a *Attempt) refused() bool {
	return a.Request != nil && a.Request.Head.Get("Sec-WebSocket-Key") != "" && a.Response != nil && a.Response.Head.Status() >= 400
}

// Rank orders the conversations of a capture: the more steps one shows, the
// better. One in which the nickname was taken comes before all others, then one
// with the message, then one where either was nearly right or the server refused the
// browser: one's own attempt rather than what somebody else did on the same machine.
// Where a capture was begun late another's conversation may show more steps.
func (a *Attempt) Rank(judged []Step) int {
	const point = 10
	rank, said := 0, false
	for _, s := range judged {
		switch s.Status {
		case Found:
			rank += point
			said = said || s.ID == annotate.Say || s.ID == annotate.SayBroadcast
		case Different:
			rank++
		}
	}
	all := point * len(judged)
	switch {
	case a.named:
		rank += 4 * all
	case said:
		rank += 2 * all
	case misspelt(a.Task.Nick, a.Taken) || misspelt(a.Task.Message, a.Said), a.refused():
		rank += all
	}
	return rank
}
