package live

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// faultKinds are what may stand between the SDK and a good answer. Each writes an answer of its own and returns true,
// or lets the good one through.
func faultKinds(elsewhere string) map[string]func(f *fake) func(http.ResponseWriter, *http.Request) bool {
	status := func(code int, body string) func(*fake) func(http.ResponseWriter, *http.Request) bool {
		return func(*fake) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(code)
				_, _ = io.WriteString(w, body)
				return true
			}
		}
	}
	code := func(status int, code string) func(*fake) func(http.ResponseWriter, *http.Request) bool {
		return func(*fake) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				refuseAs(w, r, status, code, "a message")
				return true
			}
		}
	}
	// change hands the good answer to edit.
	change := func(edit func(body string) string) func(*fake) func(http.ResponseWriter, *http.Request) bool {
		return func(f *fake) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
				good := httptest.NewRecorder()
				f.answer(good, r, operationOf(r, m[3]), f.accounts[m[1]], m[2])
				_, _ = io.WriteString(w, edit(good.Body.String()))
				return true
			}
		}
	}
	connection := func(write func(w http.ResponseWriter)) func(*fake) func(http.ResponseWriter, *http.Request) bool {
		return func(*fake) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				if write != nil {
					write(w)
				}
				conn, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					_ = conn.Close()
				}
				return true
			}
		}
	}
	return map[string]func(*fake) func(http.ResponseWriter, *http.Request) bool{
		"hang": func(*fake) func(http.ResponseWriter, *http.Request) bool {
			return func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
		},
		"slow body": func(*fake) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				for i := 0; i < 100 && r.Context().Err() == nil; i++ { // after a HEAD, nobody tells the server that the client is gone
					_, _ = io.WriteString(w, "<a>")
					w.(http.Flusher).Flush()
					time.Sleep(20 * time.Millisecond)
				}
				return true
			}
		},
		"cut connection": connection(nil),
		"half a body": connection(func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "<ListRolePoliciesResponse><ListRolePoliciesResult>")
			w.(http.Flusher).Flush()
		}),
		"500":             status(500, ""),
		"503 HTML":        status(503, "<html><body>try later</body></html>"),
		"403 of a proxy":  status(403, "<html><body>blocked"),
		"throttled":       code(400, "Throttling"),
		"slow down":       code(503, "SlowDown"),
		"denied":          code(403, "AccessDenied"),
		"expired":         code(403, "ExpiredToken"),
		"unknown key":     code(403, "InvalidClientTokenId"),
		"skewed clock":    code(403, "RequestTimeTooSkewed"),
		"odd code":        code(400, "NeverHeardOfThis"),
		"empty":           status(200, ""),
		"HTML":            status(200, "<html><body>log in</body></html>"),
		"text":            status(200, "OK"),
		"broken XML":      change(func(body string) string { return strings.Replace(strings.Replace(body, "</", "<", 1), "}", "", 1) }),
		"cut XML":         change(func(body string) string { return body[:len(body)/2] }),
		"bad UTF-8":       change(func(body string) string { return "\xff\xfe" + body }),
		"another answer":  change(func(string) string { return "<OtherResponse><OtherResult></OtherResult></OtherResponse>" }),
		"another account": change(func(body string) string { return strings.ReplaceAll(body, ours, theirs) }),
		"endless":         status(200, "<a>"+strings.Repeat("x", largestAnswer)),
		"never-ending list": change(func(body string) string {
			body = strings.Replace(body, `"Truncated":false`, `"Truncated":true,"NextMarker":"same"`, 1)
			return strings.Replace(body, "<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated><Marker>same</Marker>", 1)
		}),
		"broken-off list": change(func(body string) string {
			body = strings.Replace(body, `"Truncated":false`, `"Truncated":true`, 1)
			return strings.Replace(body, "<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated>", 1)
		}),
		"redirect": func(*fake) func(http.ResponseWriter, *http.Request) bool {
			return func(w http.ResponseWriter, r *http.Request) bool {
				w.Header().Set("Location", elsewhere)
				w.WriteHeader(http.StatusTemporaryRedirect)
				return true
			}
		},
	}
}
