// Searches, judged by somebody else: HL7's own expressions, evaluated by HL7's own FHIRPath library
// on the JSON that the caller is served, must find what the program finds.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { each, isLong, openExchange } from '../lib/exchange.mjs'
import { parametersOf } from '../oracle/definitions.mjs'
import { Evaluator, keyOf } from '../oracle/evaluator.mjs'
import { Questions, chance } from '../oracle/questions.mjs'
import { admitted, contribute, examples, lacking, rare, synthea } from '../oracle/records.mjs'

// The questions of each record: a tenth with every change, all in the long run.
const MANY = isLong ? 4_000 : 400
const SHOWN = 5
// Of which few values are held, so that a tenth of the questions may miss them.
const RARE = ['special', 'special missing', 'number', 'number missing', 'uri above', 'uri below', 'token of-type', 'composite missing']
const skip = lacking()

let exchange
let directory
/** How often each way of asking was asked. */
const asked = new Map()
before(async () => {
  if (skip) return
  exchange = await openExchange()
})
after(() => exchange?.close())

const encode = (pairs) => pairs.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
const resourcesOf = ({ entries }, mode) => entries.filter((one) => one.search?.mode === mode).map((one) => one.resource)

/** Everything of the directory that the examples' types and the town's have. */
async function readDirectory(reader, types) {
  const pages = await each(types, 4, (type) => reader.all(`${type}?_count=1000`))
  return pages.filter((page) => page.status === 200).flatMap((page) => resourcesOf(page, 'match'))
}

/** The address of a search of one type in one person's record. */
function addressOf(patient, type, draw) {
  if (type === 'Patient') return `Patient?_id=${patient}`
  // Who looked is a person's account, and theirs alone to read.
  if (type === 'AuditEvent') return undefined
  const whose = ['patient', 'subject', 'beneficiary'].find((name) => parametersOf(type).has(name))
  if (!whose) return undefined
  return draw.happens(0.5) || whose === 'beneficiary' ? `${type}?${whose}=${patient}` : `${type}?${whose}=Patient/${patient}`
}

/** What is wrong with an answer, or nothing. */
function fault(evaluator, question, answer, scope) {
  if (answer.status === 400 && answer.body.issue[0].code === 'not-supported' && /:(above|below|in|not-in)/.test(encode(question.conditions).replace(/%3A/g, ':'))) {
    return 'not shipped'
  }
  if (answer.status !== 200) return `answered ${answer.status}: ${answer.text.slice(0, 300)}`
  const conditions = question.conditions.map(({ name, value }) => [name, value])
  const only = /^Patient\?_id=(\w+)/.exec(question.path)
  if (only) conditions.push(['_id', only[1]])
  const expected = question.types.flatMap((type) => evaluator.find(type, conditions))
  if (answer.total !== expected.length) return `total ${answer.total} instead of ${expected.length}${scope(expected, resourcesOf(answer, 'match'))}`
  if (question.answer.some(({ name }) => name === '_summary')) return undefined
  const found = resourcesOf(answer, 'match')
  if (`${found.map(keyOf).sort()}` !== `${expected.map(keyOf).sort()}`) return scope(expected, found)
  return faultOfOrder(evaluator, question, found) ?? faultOfIncluded(evaluator, question, answer, found)
}

function faultOfOrder(evaluator, { answer }, found) {
  const sort = answer.find(({ name }) => name === '_sort')?.value
  if (!sort) return undefined
  const keys = sort.split(',').map((name) => [name.replace(/^-/, ''), name.startsWith('-')])
  for (let place = 1; place < found.length; place++) {
    for (const [name, descending] of keys) {
      const [before, here] = [found[place - 1], found[place]].map((one) => evaluator.sortKey(one, name, descending))
      if (before === here) continue
      const isRight = here === undefined || (before !== undefined && (descending ? before > here : before < here))
      if (!isRight) return `sorted by ${sort}: ${before} stands before ${here}`
      break
    }
  }
  return undefined
}

function faultOfIncluded(evaluator, { answer }, { entries }, found) {
  const includes = answer.filter(({ name }) => /^_(rev)?include/.test(name)).map(({ name, value }) => [name, value])
  if (answer.some(({ name }) => name === '_count') && includes.length > 0) return undefined
  const expected = evaluator.included(found, includes)
  const given = new Set(resourcesOf({ entries }, 'include').map(keyOf))
  const differ = [...expected].filter((key) => !given.has(key)).map((key) => `lacks ${key}`)
  differ.push(...[...given].filter((key) => !expected.has(key)).map((key) => `has ${key} beside`))
  return differ.length > 0 ? `included: ${differ.slice(0, 3)}` : undefined
}

const difference = (expected, found) => {
  const [there, wanted] = [new Set(found.map(keyOf)), new Set(expected.map(keyOf))]
  const lacks = [...wanted].filter((key) => !there.has(key)).slice(0, 3)
  const beside = [...there].filter((key) => !wanted.has(key)).slice(0, 3)
  return ` lacks [${lacks}] has beside [${beside}]`
}

/** The address of a search of several types: in one person's record, or without one in the directory. */
function systemOf(patient) {
  return (types, draw) => {
    const asked = `_type=${types}`
    if (!patient) return `?${asked}`
    if (types.includes('AuditEvent')) return undefined
    return draw.happens(0.5) ? `?${asked}&patient=${patient}` : `Patient/${patient}/*?${asked}`
  }
}

/** Asks many questions about one record and holds every answer against the judge's. */
async function judge(context, reader, evaluator, patient, seed) {
  const address = patient ? (type, draw) => addressOf(patient, type, draw) : (type) => type
  const system = systemOf(patient)
  const draw = chance(seed)
  const questions = new Questions(evaluator, draw)
  const all = []
  while (all.length < MANY) {
    const question = questions.next()
    const { type, types = [type] } = question
    const path = question.types ? system(types, draw) : address(type, draw)
    if (path) all.push({ ...question, types, path })
  }
  all.forEach(count)
  let found = 0
  const faults = await each(all, 4, async (question) => {
    const path = `${question.path}${question.path.includes('?') ? '&' : '?'}${encode([...question.conditions, ...question.answer])}`
    const answer = await reader.all(path)
    const wrong = fault(evaluator, question, answer, difference)
    if (answer.total > 0) found += 1
    return wrong && wrong !== 'not shipped' ? `${decodeURIComponent(path)}\n    ${wrong}` : undefined
  })
  const wrong = faults.filter(Boolean)
  context.diagnostic(`${all.length} questions, ${found} found something, ${wrong.length} differ`)
  assert.equal(wrong.length, 0, `${wrong.length} answers differ:\n  ${wrong.slice(0, SHOWN).join('\n  ')}`)
  assert(found * 10 >= all.length * 3, `only ${found} of ${all.length} found anything`)
}

/** Notes which ways of asking a question uses. */
function count({ types, conditions, answer }) {
  const ways = answer.map(({ name }) => name)
  if (types.length > 1) ways.push('_type')
  for (const { name, kind, modifier } of conditions) {
    const own = modifier.split(' ').at(-1)
    ways.push(own.includes('or') && own !== 'or' ? `${kind} or` : /^[A-Z]/.test(own) ? `${kind} [type]` : `${kind} ${own}`.trim())
    if (name.startsWith('_has:')) ways.push('_has')
    if (modifier.startsWith('chain')) ways.push('chain')
    if (/(chain|_has) .*(chain|_has)/.test(modifier)) ways.push('chain of chains')
  }
  if (conditions.length > 1) ways.push('conditions together')
  for (const way of ways) asked.set(way, (asked.get(way) ?? 0) + 1)
}

/** One person's record as a caller is served it, with the directory beside it. */
async function recordOf(reader, patient) {
  const own = await reader.all(`Patient/${patient}/$everything?_count=1000`)
  assert.equal(own.status, 200, own.text)
  const resources = resourcesOf(own, 'match')
  return { resources, evaluator: new Evaluator([...resources, ...directory], resources) }
}

/** A Consent that is no longer in force: two of HL7's close the record to everybody until somebody has read them. */
const withoutForce = (resource) => (resource.resourceType === 'Consent' ? { ...resource, status: 'inactive' } : resource)

test("the record that HL7's official examples make", { skip }, async (context) => {
  const system = exchange.as('hospital-records')
  const all = [...examples(), ...rare()].map(withoutForce)
  await contribute(system, all)
  const again = await contribute(system, [...all, admitted('example')])
  const doctor = exchange.as('ifeoma-nwosu')
  const types = [...new Set(all.map((one) => one.resourceType)), 'Organization', 'Practitioner']
  directory = await readDirectory(doctor, [...new Set(types)])
  const id = await idOf(doctor, 'example')
  const { resources, evaluator } = await recordOf(doctor, id)
  context.diagnostic(`${again} of ${all.length} examples taken; ${resources.length} in the record, ${directory.length} in the directory`)
  await judge(context, doctor, evaluator, id, 1)
})

/** Our id of somebody whom the caller's agency knows under its own. */
async function idOf(reader, own) {
  const { body } = await reader.get(`Patient/${own}`)
  return body.id
}

test('the directory, with definitions and terminology', { skip }, async (context) => {
  const doctor = exchange.as('ifeoma-nwosu')
  const evaluator = new Evaluator(directory)
  await judge(context, doctor, evaluator, undefined, 2)
})

test("one of Synthea's people", { skip }, async (context) => {
  const people = synthea()
  const whole = [...people].filter(([, record]) => record.some((one) => one.resourceType === 'Patient'))
  const [patient, record] = whole.sort((one, other) => one[1].length - other[1].length)[0]
  const id = patient.split('/')[1]
  const taken = await contribute(exchange.as('hospital-records'), [...people.get(''), ...record, admitted(id)])
  const doctor = exchange.as('ifeoma-nwosu')
  directory = await readDirectory(doctor, [...new Set(directory.map((one) => one.resourceType)), 'Organization', 'Practitioner', 'Location'])
  const own = await idOf(doctor, id)
  const { resources, evaluator } = await recordOf(doctor, own)
  context.diagnostic(`${taken} of ${record.length + people.get('').length + 1} resources taken; ${resources.length} in the record`)
  await judge(context, doctor, evaluator, own, 3)
})

test('Netta Dunsmore of the town, as her doctor may see her', { skip }, async (context) => {
  const doctor = exchange.as('imran-yousaf')
  const found = await doctor.all('Patient?name=Netta%20Dunsmore&birthdate=1945-07-19')
  const [netta] = resourcesOf(found, 'match')
  directory = await readDirectory(doctor, [...new Set(directory.map((one) => one.resourceType))])
  const { resources, evaluator } = await recordOf(doctor, netta.id)
  context.diagnostic(`${resources.length} in the record`)
  await judge(context, doctor, evaluator, netta.id, 4)
})

test('every kind of parameter and every modifier was asked', { skip }, (context) => {
  const modifiers = {
    token: ['', 'not', 'text', 'in', 'not-in', 'above', 'below', 'of-type', 'missing', 'or'],
    string: ['', 'exact', 'contains', 'missing', 'or'],
    date: ['', 'missing', 'or'],
    number: ['', 'missing'],
    quantity: ['', 'missing'],
    reference: ['', '[type]', 'identifier', 'missing', 'or'],
    uri: ['', 'above', 'below', 'missing'],
    composite: ['', 'missing'],
    special: ['', 'missing']
  }
  const ways = Object.entries(modifiers).flatMap(([kind, own]) => own.map((one) => `${kind} ${one}`.trim()))
  ways.push('chain', '_has', 'chain of chains', 'conditions together', '_type')
  ways.push('_include', '_include:iterate', '_revinclude', '_revinclude:iterate', '_sort', '_count', '_summary')
  context.diagnostic(ways.map((way) => `${way} ${asked.get(way) ?? 0}`).join(', '))
  const never = ways.filter((way) => !asked.has(way))
  assert.deepEqual(never, isLong ? [] : never.filter((way) => RARE.includes(way)))
})
