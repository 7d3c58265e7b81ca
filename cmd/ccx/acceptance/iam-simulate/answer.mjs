// Answers each JSON line on stdin (a record of `ccx simulate --lines`) by a line: the verdict, or what was refused.
// With a number as argument it decides the first line that often and prints the decisions a second.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const words = { Allowed: 'allowed', ImplicitlyDenied: 'implicit_deny', ExplicitlyDenied: 'explicit_deny' }
const named = (policies) => (policies ?? []).map((policy, i) => ({ name: `p${i}`, policy }))
// AWS attaches RCPFullAWSAccess by itself, and so does iam-simulate: as written it would be refused.
const isFull = (policy) => policy.Id === 'RCPFullAWSAccess'
const levels = (list) =>
  (list ?? []).map((level, i) => ({ orgIdentifier: `l${i}`, policies: named(level.policies.filter((p) => !isFull(p))) }))

function simulation(r) {
  return {
    request: {
      principal: r.request.principal,
      action: r.request.action,
      resource: { resource: r.request.resource, accountId: r.resource_account },
      contextVariables: r.request.context
    },
    identityPolicies: named(r.identity),
    sessionPolicy: r.session ?? undefined,
    permissionBoundaryPolicies: r.boundary ? named(r.boundary) : undefined,
    serviceControlPolicies: levels(r.scps),
    resourceControlPolicies: levels(r.rcps),
    resourcePolicy: r.resource_policy ?? undefined,
    vpcEndpointPolicies: r.vpce ? named(r.vpce) : undefined,
    additionalSettings: { s3: { blockPublicAccess: r.settings?.BlockPublicAccess ?? false } }
  }
}

async function answer(record) {
  const got = await runSimulation(simulation(record), { simulationMode: 'Strict' })
  const result = got.overallResult ?? got.result?.evaluationResult
  return words[result] ? { verdict: words[result] } : { refused: JSON.stringify(got.errors ?? got).slice(0, 400) }
}

async function measure(record, times) {
  for (let i = 0; i < times; i++) await answer(record)
  const start = process.hrtime.bigint()
  for (let i = 0; i < times; i++) await answer(record)
  return { persecond: Math.round(times / (Number(process.hrtime.bigint() - start) / 1e9)) }
}

const times = Number(process.argv[2] ?? 0)
for await (const line of createInterface({ input: process.stdin })) {
  const record = JSON.parse(line)
  console.log(JSON.stringify(times ? await measure(record, times) : await answer(record)))
}
