package live

import (
	"io"
	"net/http"
	"testing"
	"time"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// full is a full check of a role in a profile, with managed and inline policies, a boundary, an SSE-KMS bucket and an
// image in ECR; of configs that each want the same.
func full(profile string, configs int) account.Wants {
	w := nodeWants(ours)
	w.Profiles[0].Name = profile
	for range configs - 1 {
		w.Profiles = append(w.Profiles, w.Profiles[0])
		w.Buckets = append(w.Buckets, w.Buckets[0])
		w.Repositories = append(w.Repositories, w.Repositories[0])
	}
	return w
}

var reading = Options{Organization: management, Accounts: map[string]string{management: "profile:theirs"}}

// measured are the runs that are measured: what is wanted, and how many sequential round trips it may take.
var measured = []struct {
	name    string
	profile string
	configs int
	options Options
	trips   int
}{
	{"profile and role of one name", "node", 1, Options{}, 3},
	{"profile and role of two names", "other", 1, Options{}, 4},
	{"a thousand configs", "node", 1000, Options{}, 3},
	{"guardrails read", "node", 1, reading, 3},
	{"guardrails read, two names", "other", 1, reading, 4},
}

// TestRoundTrips holds the number of sequential round trips and of calls.
func TestRoundTrips(t *testing.T) {
	calls := map[string]int{}
	for _, m := range measured {
		f := fakeaws.New(t)
		f.Organized()
		trips := roundTrips(f, m.trips, func() { gather(t, m.options, full(m.profile, m.configs)) })
		calls[m.name] = len(f.Calls())
		if trips != m.trips {
			t.Errorf("%s: %d sequential round trips, want %d", m.name, trips, m.trips)
		}
		t.Logf("%-32s %2d calls, %d sequential round trips", m.name, calls[m.name], trips)
	}
	if one, thousand := calls["profile and role of one name"], calls["a thousand configs"]; one != thousand || one != 25 {
		t.Errorf("one config costs %d calls, a thousand cost %d; want 25", one, thousand)
	}
}

// roundTrips counts the sequential round trips of a run. On a machine that is too busy to send requests at once, the count
// is too high, and never too low: then the run is made again.
func roundTrips(f *fakeaws.Fake, want int, run func()) int {
	least := 1 << 30
	for range 5 {
		f.Trips = &fakeaws.Trips{}
		f.Forget()
		run()
		if least = min(least, f.Trips.Count()); least <= want {
			break
		}
	}
	return least
}

// BenchmarkGather measures with 50 ms added to each answer, beside a bare client that makes four requests one after the
// other: "over-4-trips-%" is what ccx takes more, at most 15.
func BenchmarkGather(b *testing.B) {
	for _, m := range measured {
		b.Run(m.name, func(b *testing.B) {
			f := fakeaws.New(b)
			f.Organized()
			f.Delay = 50 * time.Millisecond
			w := full(m.profile, m.configs)
			bare, wall := time.Hour, time.Hour // the best of all runs: a busy machine only adds to them
			for b.Loop() {
				bare = min(bare, bareTrips(b, f.URL, 4))
				f.Forget()
				began := time.Now()
				New(m.options).Gather(b.Context(), w)
				wall = min(wall, time.Since(began))
			}
			b.ReportMetric(float64(len(f.Calls())), "calls")
			b.ReportMetric(float64(m.trips), "trips")
			b.ReportMetric(float64(wall.Milliseconds()), "ms")
			b.ReportMetric(float64(bare.Milliseconds()), "4-trips-ms")
			b.ReportMetric(100*(float64(wall)/float64(bare)-1), "over-4-trips-%")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// bareTrips makes requests one after the other on a new connection and returns how long that took.
func bareTrips(b *testing.B, url string, trips int) time.Duration {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	began := time.Now()
	for range trips {
		request, err := http.NewRequest(http.MethodHead, url+"/acme", nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Authorization", "Credential=AKIAOURS/20260101/us-west-2/s3/aws4_request")
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	return time.Since(began)
}
