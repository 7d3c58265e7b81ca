package anyscale

import (
	"fmt"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// schedulerRules applies what the client checks of a scheduler config beyond types (scheduler/models.py).
func (r *reader) schedulerRules() {
	for _, list := range []string{"resource_flavors", "scheduling_rules"} {
		for _, item := range r.root.Get(list).Items() {
			for _, match := range item.Get("selector").Items() {
				r.matchRule(match)
			}
		}
	}
	for _, queue := range r.root.Get("resource_queues").Items() {
		r.queueRules(queue)
	}
}

// matchRule: in and not_in want values, exists and does_not_exist want none.
func (r *reader) matchRule(match *document.Node) {
	operator, values := match.Get("operator"), match.Get("values")
	text, _ := operator.Text()
	some := len(values.Items()) > 0
	switch {
	case (text == "in" || text == "not_in") && !some:
		r.say(finding.ConfigSchema, operator.Place(), "the operator "+text+" needs values", "add values: [...]")
	case (text == "exists" || text == "does_not_exist") && some:
		r.say(finding.ConfigSchema, values.KeyPlace(), "the operator "+text+" takes no values", "remove them")
	}
}

func (r *reader) queueRules(queue *document.Node) {
	cohort := queue.Get("cohort_name")
	groups := queue.Get("resource_groups").Items()
	if given(cohort) && len(groups) == 0 {
		r.say(finding.ConfigSchema, cohort.KeyPlace(), "a queue in a cohort needs resource_groups", "add them, or remove cohort_name")
	}
	if borrow := queue.Find("preemption", "borrow_within_cohort"); given(borrow) && borrow.Value() != "never" {
		if back := queue.Find("preemption", "reclaim_within_cohort"); !given(back) || back.Value() == "never" {
			r.say(finding.ConfigSchema, borrow.Place(), "borrow_within_cohort needs reclaim_within_cohort to be lower_priority or any", "")
		}
	}
	for _, group := range groups {
		seen := map[any]bool{}
		for _, name := range group.Get("covered_resources").Items() {
			if seen[name.Value()] {
				r.say(finding.ConfigSchema, name.Place(), "covered_resources names this resource twice", "remove one of them")
			}
			seen[name.Value()] = true
		}
		for _, flavor := range group.Get("flavors").Items() {
			for _, quota := range flavor.Get("resources").Items() {
				r.quotaRules(quota, given(cohort))
			}
		}
	}
}

// quotaRules: limits on lending and borrowing are a cohort's, and no more can be lent than there is.
func (r *reader) quotaRules(quota *document.Node, cohort bool) {
	for _, key := range []string{"lending_limit", "borrowing_limit"} {
		if limit := quota.Get(key); given(limit) && !cohort {
			r.say(finding.ConfigSchema, limit.KeyPlace(), key+" needs a cohort_name on the queue", "add one, or remove the limit")
		}
	}
	lend, okLend := number(quota.Get("lending_limit"))
	most, okMost := number(quota.Get("nominal_quota"))
	if okLend && okMost && lend > most {
		r.say(finding.ConfigSchema, quota.Get("lending_limit").Place(), fmt.Sprintf("lending_limit is more than nominal_quota (%v)", most), "")
	}
}
