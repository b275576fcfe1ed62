// Which invariants a resource breaks is judged by HL7's own FHIRPath library on HL7's own definitions.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { each, isLong, openExchange } from '../lib/exchange.mjs'
import { brokenBy } from '../oracle/invariants.mjs'
import { mutant } from '../oracle/mutants.mjs'
import { chance } from '../oracle/questions.mjs'
import { examples, lacking, synthea } from '../oracle/records.mjs'
import { faultOf } from '../oracle/structure.mjs'

// The library takes its time: a part of everything with every change, all of it in the long run.
const MANY = isLong ? { examples: 848, synthea: 2_000, changed: 8_000 } : { examples: 250, synthea: 100, changed: 600 }
const SHOWN = 12
// What the library cannot be asked; docs/decisions/0036 has the reasons.
const UNASKED = /^(txt-1|txt-2|\? rng-2) /
const skip = lacking()

let exchange
let system
let all
before(async () => {
  if (skip) return
  exchange = await openExchange()
  system = exchange.as('hospital-records')
  all = examples()
})
after(() => exchange?.close())

/** The invariants that the program says a resource breaks, as `key path`. */
async function told(resource) {
  const { status, body, text } = await system.send('POST', `${resource.resourceType}/$validate`, resource)
  assert.equal(status, 200, text)
  const found = new Set()
  for (const { code, details, expression } of body.issue) {
    if (code === 'invariant') found.add(`${details.text.split(':')[0]} ${expression[0]}`)
    if (details.text.startsWith('not evaluated')) found.add(`? ${details.text}`)
  }
  return found
}

/** Holds what the program says of resources against the judge. */
async function compare(resources, context, what) {
  let broken = 0
  const faults = await each(resources, 2, async (resource) => {
    const judged = [...brokenBy(resource)].filter((one) => !UNASKED.test(one)).sort()
    const found = [...(await told(resource))].filter((one) => !UNASKED.test(one)).sort()
    broken += judged.filter((one) => !/^dom-6 /.test(one)).length
    const [missed, invented] = [judged.filter((one) => !found.includes(one)), found.filter((one) => !judged.includes(one))]
    if (missed.length + invented.length === 0) return undefined
    return `${resource.resourceType}/${resource.id}: missed ${missed.slice(0, 3).join(', ') || 'nothing'}; invented ${invented.slice(0, 3).join(', ') || 'nothing'}`
  })
  const wrong = faults.filter(Boolean)
  context.diagnostic(`${resources.length} ${what}: ${broken} invariants broken beside the advice to have a narrative, ${wrong.length} judged otherwise`)
  assert.equal(wrong.length, 0, `${wrong.length} differ:\n  ${wrong.slice(0, SHOWN).join('\n  ')}`)
  return broken
}

test('the official examples break the invariants that HL7 says they break', { skip }, async (context) => {
  const draw = chance(21)
  const some = isLong ? all : Array.from({ length: MANY.examples }, () => draw.pick(all))
  await compare(some, context, 'examples')
})

test('records of Synthea break no other invariants than HL7 says', { skip }, async (context) => {
  const draw = chance(22)
  const records = [...synthea().values()].flat()
  const some = Array.from({ length: MANY.synthea }, () => draw.pick(records))
  await compare(some, context, 'records of Synthea')
})

test('a changed resource breaks the invariants that HL7 says it breaks', { skip }, async (context) => {
  const draw = chance(23)
  const small = all.filter((one) => JSON.stringify(one).length < 8_000 && one.resourceType !== 'Consent')
  const types = [...new Set(small.map((one) => one.resourceType))]
  const byType = types.map((type) => small.filter((one) => one.resourceType === type))
  const changed = []
  // What is not even built right is refused before its invariants matter.
  while (changed.length < MANY.changed) {
    // Twice, so that what belongs together is torn apart; of every type as often, since most examples are definitions.
    const once = mutant(draw.pick(draw.pick(byType)), draw)
    const resource = JSON.parse(mutant(JSON.parse(once.text), draw).text)
    if (!faultOf(resource)) changed.push(resource)
  }
  const broken = await compare(changed, context, 'changed resources')
  assert(broken > changed.length / 40, `only ${broken} broken`)
})
