package main

// assumptions is `ccx help assumptions`: what a pass takes for granted, and what it speaks of.
const assumptions = `What a pass takes for granted

Of the request: a session of an EC2 instance profile, an AWS SDK over HTTPS (TLS 1.2 or later), signature version 4 in a
header, and none of the optional headers (no ACL, no server-side encryption, no storage class, no tags). No MFA. Where a
policy asks for more (the network path, the instance, the time after the next 30 days), the answer is unknown, unless
--context says the value.

Of the resources: plain buckets, not access points. Objects belong to the bucket's owner; across accounts that is checked.
Keys have up to 1,024 bytes and at least one.

Of the guardrails: service control policies, resource control policies, VPC endpoint policies and session policies are
decided where they are at hand. Where the caller may not read them, or nobody asked for them, they are assumed to deny
nothing, and the last line of the report names them [assume/guardrail]. --assume LIST picks which, --assume none leaves
what hinges on them unknown. What was throttled, timed out or expired is never assumed.

Of the time: the moment at which the facts were read. A snapshot says when that was.

Never assumed: the role's policies, its boundary and trust policy, the bucket's policy, owner and encryption. What can't be
read of these makes a check unknown.
`
