package fakeaws

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// Fault is something that may stand between the SDK and a good answer.
type Fault struct {
	Name string
	// Slow says that only the end of the run's patience ends it.
	Slow bool
	// On makes the answer to an operation.
	On func(f *Fake, operation string) Answer
}

// Larger is more than an answer may hold.
const Larger = 16<<20 + 1

// Faults returns every kind of fault. elsewhere is the URL of a server that must not be asked.
func Faults(elsewhere string) []Fault {
	all := slices.Concat(silences(), refusals(), garbage(), twisted())
	return append(all,
		Fault{Name: "redirect", On: redirect(func(*http.Request) string { return elsewhere })},
		Fault{Name: "redirect loop", On: redirect(func(r *http.Request) string { return r.URL.Path + "?" + r.URL.RawQuery })},
	)
}

// silences are connections that end, or don't.
func silences() []Fault {
	cut := func(w http.ResponseWriter) bool {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = conn.Close()
		}
		return true
	}
	return []Fault{
		{Name: "timeout", Slow: true, On: always(func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true })},
		{Name: "slow body", Slow: true, On: always(func(w http.ResponseWriter, r *http.Request) bool {
			for i := 0; i < 100 && r.Context().Err() == nil; i++ { // after a HEAD, nobody tells the server that the client is gone
				_, _ = io.WriteString(w, "<a>")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
			return true
		})},
		{Name: "reset", On: always(func(w http.ResponseWriter, _ *http.Request) bool { return cut(w) })},
		{Name: "half a body", On: always(func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "<ListRolePoliciesResponse><ListRolePoliciesResult>")
			w.(http.Flusher).Flush()
			return cut(w)
		})},
	}
}

// refusals are errors in the services' own words.
func refusals() []Fault {
	code := func(name string, status int, code string) Fault {
		return Fault{Name: name, On: always(func(w http.ResponseWriter, r *http.Request) bool {
			RefuseAs(w, r, status, code, "a message")
			return true
		})}
	}
	return []Fault{
		code("throttled for ever", 400, "Throttling"), code("slow down", 503, "SlowDown"), code("denied", 403, "AccessDenied"),
		code("expired", 403, "ExpiredToken"), code("unknown key", 403, "InvalidClientTokenId"), code("skewed clock", 403, "RequestTimeTooSkewed"),
		code("odd code", 400, "NeverHeardOfThis"),
		{Name: "throttled once", On: func(*Fake, string) Answer {
			first := true
			return func(w http.ResponseWriter, r *http.Request) bool {
				throttled := first
				if first = false; throttled {
					RefuseAs(w, r, http.StatusServiceUnavailable, "SlowDown", "a message")
				}
				return throttled
			}
		}},
	}
}

// garbage is what a proxy, a captive portal or a broken server may answer.
func garbage() []Fault {
	status := func(name string, code int, body string) Fault {
		return Fault{Name: name, On: always(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
			return true
		})}
	}
	return []Fault{
		status("500", 500, ""), status("503 HTML", 503, "<html><body>try later</body></html>"), status("403 of a proxy", 403, "<html><body>blocked"),
		status("empty", 200, ""), status("HTML", 200, "<html><body>log in</body></html>"), status("text", 200, "OK"),
		status("huge body", 200, "<a>"+strings.Repeat("x", Larger)),
		status("another answer", 200, "<OtherResponse><OtherResult></OtherResult></OtherResponse>"),
	}
}

// twisted are good answers with something changed.
func twisted() []Fault {
	page := func(body, token string) string {
		for _, list := range []string{"Policies", "Roots", "Parents"} {
			body = strings.Replace(body, `{"`+list+`":[`, `{"NextToken":"`+token+`","`+list+`":[`, 1)
		}
		body = strings.Replace(body, `"Truncated":false`, `"Truncated":true,"NextMarker":"`+token+`"`, 1)
		return strings.Replace(body, "<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated><Marker>"+token+"</Marker>", 1)
	}
	return []Fault{
		changed("broken XML or JSON", func(body string) string { return strings.Replace(strings.Replace(body, "</", "<", 1), "}", "", 1) }),
		changed("cut", func(body string) string { return body[:len(body)/2] }),
		changed("bad UTF-8", func(body string) string { return "\xff\xfe" + body }),
		changed("wrong account", func(body string) string { return strings.ReplaceAll(body, Ours, Theirs) }),
		changed("list without end", func(body string) string { return page(body, "same") }),
		changed("list broken off", func(body string) string {
			body = strings.Replace(body, `"Truncated":false`, `"Truncated":true`, 1)
			return strings.Replace(body, "<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated>", 1)
		}),
		{Name: "stale page token", On: func(f *Fake, operation string) Answer {
			more := changed("", func(body string) string { return page(body, "stale") }).On(f, operation)
			return func(w http.ResponseWriter, r *http.Request) bool {
				if strings.Contains(asText(r), "stale") {
					RefuseAs(w, r, http.StatusBadRequest, "InvalidInput", "The marker is invalid.")
					return true
				}
				return more(w, r)
			}
		}},
	}
}

func always(a Answer) func(*Fake, string) Answer { return func(*Fake, string) Answer { return a } }

// changed hands the good answer to edit.
func changed(name string, edit func(body string) string) Fault {
	return Fault{Name: name, On: func(f *Fake, _ string) Answer {
		return func(w http.ResponseWriter, r *http.Request) bool {
			answer := f.goodAnswer(r)
			maps.Copy(w.Header(), answer.Header())
			w.WriteHeader(answer.Code)
			_, _ = io.WriteString(w, edit(answer.Body.String()))
			return true
		}
	}}
}

func redirect(to func(*http.Request) string) func(*Fake, string) Answer {
	return always(func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Location", to(r))
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	})
}

// goodAnswer is what the request would get without a fault.
func (f *Fake) goodAnswer(r *http.Request) *httptest.ResponseRecorder {
	m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
	answer := httptest.NewRecorder()
	f.answer(answer, r, OperationOf(r, m[3]), f.Accounts[m[1]], m[2])
	return answer
}

// asText returns what a request says, in its query, form or body, and leaves it as it is.
func asText(r *http.Request) string {
	text, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(text))
	return r.URL.RawQuery + r.Form.Encode() + string(text)
}
