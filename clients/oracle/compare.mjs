// How one value of each kind compares with what is asked
// (https://hl7.org/fhir/R4/search.html), slowly and without an index.
import { bindingOf, codesOf, relatives } from './definitions.mjs'

/** Splits at a separator before which no backslash stands. */
export function split(text, separator) {
  const parts = ['']
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && at + 1 < text.length) parts[parts.length - 1] += text[at] + text[++at]
    else if (text[at] === separator) parts.push('')
    else parts[parts.length - 1] += text[at]
  }
  return parts
}

export const plain = (text) => text.replace(/\\([\\,|$])/g, '$1')

/** Words as a search compares them: without case and accents, white space made one. */
export const fold = (text) =>
  text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[‘’]/g, "'").replace(/[‐-―]/g, '-').trim().split(/\s+/).join(' ')

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value])

// ---- Tokens ---------------------------------------------------------------------------------------

/** The codes of a value, as {system, code}; `systems` are those that its element implies. */
export function codes({ type, data, path }) {
  switch (type) {
    case 'CodeableConcept':
      return list(data.coding).filter((one) => one.code !== undefined)
    case 'Coding':
      return data.code === undefined ? [] : [data]
    case 'Identifier':
      return data.value === undefined ? [] : [{ system: data.system, code: data.value }]
    case 'ContactPoint':
      return data.value === undefined ? [] : [{ code: data.value }]
    case 'code': {
      const set = bindingOf(path)
      const implied = set ? codesOf(set) : undefined
      const systems = implied && [...implied].filter((one) => one.endsWith(`|${data}`)).map((one) => one.slice(0, -data.length - 1))
      return [{ code: data, systems }]
    }
    default:
      return [{ code: String(data) }]
  }
}

export function labels({ type, data }) {
  if (type === 'CodeableConcept') return [data.text, ...list(data.coding).map((one) => one.display)].filter(Boolean)
  if (type === 'Coding') return [data.display].filter(Boolean)
  if (type === 'Identifier') return data.value === undefined ? [] : [data.type?.text].filter(Boolean)
  return []
}

const isIn = (set) => (one) => [one.system, ...(one.systems ?? [])].some((system) => set.has(`${system}|${one.code}`))

function token(value, modifier, term) {
  const found = codes(value)
  if (modifier === 'text') return labels(value).some((words) => fold(words).startsWith(fold(plain(term))))
  if (modifier === 'in' || modifier === 'not-in') return found.some(isIn(codesOf(plain(term))))
  const parts = split(term, '|').map(plain)
  if (modifier === 'of-type') {
    const [system, code, number] = parts
    const types = list(value.data.type?.coding)
    return value.data.value === number && types.some((one) => (one.system ?? '') === system && one.code === code)
  }
  if (modifier === 'above' || modifier === 'below') {
    const [system, code] = parts
    const wanted = [...relatives(system, code, modifier === 'above')].map((one) => `${system}|${one}`)
    return found.some(isIn(new Set(wanted)))
  }
  if (parts.length === 1) return found.some((one) => one.code === parts[0])
  const [system, code] = parts
  return found.some((one) => {
    const isSystem = system === '' ? !one.system : one.system === system || one.systems?.includes(system)
    return isSystem && (code === '' || one.code === code)
  })
}

// ---- Words, addresses and references --------------------------------------------------------------

const NAME = ['text', 'family', 'given', 'prefix', 'suffix']
const ADDRESS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country']

export function words({ type, data }) {
  if (type === 'HumanName') return NAME.flatMap((part) => list(data[part])).filter((one) => one !== null)
  if (type === 'Address') return ADDRESS.flatMap((part) => list(data[part])).filter((one) => one !== null)
  return [data]
}

function text(value, modifier, term) {
  const wanted = plain(term)
  return words(value).some((one) => {
    if (modifier === 'exact') return one === wanted
    if (modifier === 'contains') return fold(one).includes(fold(wanted))
    return fold(one).startsWith(fold(wanted))
  })
}

function uri({ data }, modifier, term) {
  const wanted = plain(term)
  const under = (one, other) => one === other || one.startsWith(`${other.replace(/\/+$/, '')}/`)
  return [data, data.split('|')[0]].some((one) => {
    if (modifier === 'below') return under(one, wanted)
    if (modifier === 'above') return under(wanted, one)
    return one === wanted
  })
}

/** `Type/id` or the whole address that a reference points at. */
export function pointsAt({ type, data }) {
  if (type === 'Resource') return data.id ? [`${data.resourceType}/${data.id}`] : []
  if (typeof data === 'string') return [data, data.split('|')[0]]
  return data.reference ? [data.reference.split('/_history/')[0]] : []
}

function reference(value, modifier, term, parameter) {
  const wanted = plain(term)
  if (modifier === 'identifier') {
    const { identifier } = value.data
    return identifier?.value !== undefined && token({ type: 'Identifier', data: identifier }, undefined, term)
  }
  const targets = pointsAt(value)
  if (wanted.includes('/') || wanted.includes(':')) return targets.includes(wanted)
  const type = modifier ?? (parameter.target?.length === 1 ? parameter.target[0] : undefined)
  return targets.some((one) => (type ? one === `${type}/${wanted}` : /^[A-Z]\w+\//.test(one) && one.split('/')[1] === wanted))
}

// ---- Dates and numbers ----------------------------------------------------------------------------

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-\d])/
function prefixed(term) {
  const prefix = PREFIX.exec(term)?.[1]
  return [prefix ?? 'eq', prefix ? term.slice(2) : term]
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d))?)?)?$/

/** First microsecond and the one after the last, as BigInt. */
export function range(written) {
  const [, year, month, day, clock, second, fraction, zone] = DATE.exec(written) ?? []
  if (!year) return undefined
  const at = (y, m, d) => BigInt(new Date(0).setUTCFullYear(y, m - 1, d)) * 1000n
  if (!month) return [at(+year, 1, 1), at(+year + 1, 1, 1)]
  if (!day) return [at(+year, +month, 1), at(+year, +month + 1, 1)]
  if (!clock) return [at(+year, +month, +day), at(+year, +month, +day + 1)]
  const whole = BigInt(Date.parse(`${year}-${month}-${day}T${clock}:${second ?? '00'}${zone}`)) * 1000n
  if (!second) return [whole, whole + 60_000_000n]
  if (!fraction) return [whole, whole + 1_000_000n]
  const kept = fraction.slice(0, 6)
  const width = 10n ** BigInt(6 - kept.length)
  const from = whole + BigInt(kept) * width
  return [from, from + width]
}

const ALWAYS = [-(2n ** 63n), 2n ** 63n - 1n]

export function ranges({ type, data }) {
  if (type === 'string' || type === 'Age' || type === 'Range') return []
  if (typeof data === 'string') return [range(data)].filter(Boolean)
  const period = (one) => {
    if (!one || (one.start === undefined && one.end === undefined)) return []
    const [start, end] = [one.start, one.end].map((edge) => (edge === undefined ? ALWAYS : range(edge)))
    return start && end ? [[start[0], end[1]]] : []
  }
  if (type !== 'Timing') return period(data)
  const events = list(data.event).map(range)
  if (events.length === 0) return period(data.repeat?.boundsPeriod)
  const least = (one, other) => (one < other ? one : other)
  const most = (one, other) => (one > other ? one : other)
  return [events.reduce(([from, to], next) => [least(from, next[0]), most(to, next[1])])]
}

function date(value, _modifier, term) {
  const [prefix, written] = prefixed(term)
  const [first, after] = range(written)
  return ranges(value).some(([from, to]) => {
    const within = first <= from && to <= after
    switch (prefix) {
      case 'ne': return !within
      case 'gt': return to > after
      case 'lt': return from < first
      case 'ge': return to > after || within
      case 'le': return from < first || within
      case 'sa': return from >= after
      case 'eb': return to <= first
      case 'ap': return from < after && first < to
      default: return within
    }
  })
}

/** The ends of a number, a quantity or a range, with the unit as code and in words. */
export function numbers({ type, data }) {
  if (typeof data === 'number') return [{ low: data, high: data }]
  if (type === 'Range') {
    if (data.low?.value === undefined && data.high?.value === undefined) return []
    return [{ ...(data.low ?? data.high), low: data.low?.value ?? -Infinity, high: data.high?.value ?? Infinity }]
  }
  if (typeof data.value !== 'number') return []
  if (data.currency) return [{ low: data.value, high: data.value, system: 'urn:iso:std:iso:4217', code: data.currency }]
  const open = { '<': [-Infinity, data.value], '<=': [-Infinity, data.value], '>': [data.value, Infinity], '>=': [data.value, Infinity] }
  const [low, high] = open[data.comparator] ?? [data.value, data.value]
  return [{ ...data, low, high }]
}

function number(value, _modifier, term) {
  const [asked, system, code] = split(term, '|').map(plain)
  const [prefix, digits] = prefixed(asked)
  const wanted = Number(digits)
  const [mantissa, exponent] = digits.toLowerCase().split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  const half = 0.5 * 10 ** ((exponent === undefined ? 0 : Number(exponent) - 1) - decimals)
  return numbers(value).some(({ low, high, ...unit }) => {
    if (code) {
      const isCode = unit.code === code && (system === '' || unit.system === system)
      if (!isCode && !(system === '' && unit.unit === code)) return false
    }
    const equal = wanted - half <= low && high < wanted + half
    switch (prefix) {
      case 'ne': return !equal
      case 'gt': return high > wanted
      case 'lt': return low < wanted
      case 'ge': return high >= wanted
      case 'le': return low <= wanted
      case 'sa': return low > wanted
      case 'eb': return high < wanted
      case 'ap': return low <= wanted + Math.abs(wanted) / 10 && high >= wanted - Math.abs(wanted) / 10
      default: return equal
    }
  })
}

const EARTH = 6_371_008.8
function near({ data }, _modifier, term) {
  const [latitude, longitude, distance, unit] = split(term, '|')
  const metres = Number(distance || 10) * { km: 1000, m: 1, '': 1000, mi: 1609.344, '[mi_us]': 1609.344 }[unit ?? '']
  const radians = (degrees) => (Number(degrees) * Math.PI) / 180
  const [a, b] = [radians(latitude), radians(data.latitude)]
  const across = Math.sin((a - b) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin((radians(longitude) - radians(data.longitude)) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.sqrt(across)) <= metres
}

const HOW = { token, string: text, uri, reference, date, number, quantity: number, special: near }

/** Whether a value compares with one alternative of what is asked. */
export const compares = (kind, value, modifier, term, parameter) => HOW[kind](value, modifier, term, parameter)
