// Questions, made by chance from what a record holds: every kind of parameter, every modifier, and
// how they go together.
import { codes, labels, numbers, pointsAt, words } from './compare.mjs'
import { bindingOf, codesOf, itemsOf, parametersOf, partsOf } from './definitions.mjs'
import { keyOf } from './evaluator.mjs'

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']
// Named in every question to say whose record is meant.
const WHOSE = ['patient', 'subject', 'beneficiary']

/** Chance that begins anew from the same seed (Mulberry32). */
export function chance(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit) => Math.floor(next() * limit)
  return { below, pick: (items) => items[below(items.length)], happens: (share) => next() < share }
}

const escape = (text) => text.replace(/[\\,|$]/g, '\\$&')
const start = (text, most) => [...text].slice(0, most).join('')

/** The ways to ask for one value: [modifier, value]. */
const ASK = {
  token(value, draw) {
    const one = draw.pick(codes(value))
    const ways = []
    if (one) {
      const code = escape(String(one.code))
      const system = one.system ?? (one.systems && draw.pick(one.systems))
      ways.push(['', code], ['', `|${code}`], ['not', code], ['', `urn:never|${code}`])
      if (system) ways.push(['', `${escape(system)}|${code}`], ['', `${escape(system)}|`], ['not', `${escape(system)}|${code}`])
      if (system?.startsWith('http://terminology.hl7.org') || one.systems) {
        ways.push(['below', `${escape(system)}|${code}`], ['above', `${escape(system)}|${code}`])
      }
      const set = bindingOf(value.path)
      if (set && codesOf(set)) ways.push(['in', set], ['not-in', set])
    }
    for (const words of labels(value)) ways.push(['text', escape(start(words, 1 + draw.below(8)))])
    const type = value.type === 'Identifier' ? value.data.type?.coding?.[0] : undefined
    if (type?.code && value.data.value) {
      ways.push(['of-type', `${escape(type.system ?? '')}|${escape(type.code)}|${escape(value.data.value)}`])
    }
    return ways
  },
  string(value, draw) {
    const text = draw.pick(words(value))
    if (!text) return []
    const letters = [...text]
    const from = draw.below(Math.max(1, letters.length - 3))
    const middle = letters.slice(from, from + 4).join('').trim()
    return [
      ['', escape(start(text, 1 + draw.below(6)).trim() || text)],
      ['', escape(start(text, 60).toUpperCase())],
      ['exact', escape(text)],
      ['exact', escape(start(text, 3))],
      ...(middle ? [['contains', escape(middle)]] : [])
    ]
  },
  date(value, draw) {
    const { data, type } = value
    if (type === 'string') return []
    const written = typeof data === 'string' ? data : (data.start ?? data.end ?? data.event?.[0] ?? data.repeat?.boundsPeriod?.start)
    if (!written) return []
    const shorter = draw.pick([4, 7, 10, written.length])
    const asked = written.slice(0, Math.min(shorter, written.length))
    const other = `${Number(asked.slice(0, 4)) + draw.below(3) - 1}`
    return [['', draw.pick(PREFIXES) + asked], ['', draw.pick(PREFIXES) + other]]
  },
  number(value, draw) {
    const [one] = numbers(value)
    if (!one) return []
    const number = Number.isFinite(one.low) ? one.low : one.high
    const asked = draw.pick([String(number), number.toFixed(1), String(Math.round(number)), String(number + 1)])
    if (!/^-?\d+(\.\d+)?$/.test(asked)) return []
    return [['', draw.pick(PREFIXES) + asked]]
  },
  quantity(value, draw) {
    const [one] = numbers(value)
    return ASK.number(value, draw).flatMap(([, asked]) => {
      const ways = [['', asked]]
      if (one.code) ways.push(['', `${asked}|${escape(one.system ?? '')}|${escape(one.code)}`], ['', `${asked}||${escape(one.code)}`])
      if (one.unit) ways.push(['', `${asked}||${escape(one.unit)}`])
      return ways
    })
  },
  reference(value, draw, parameter) {
    const ways = pointsAt(value).flatMap((target) => {
      // A canonical address is absolute; what looks like one of ours there is not.
      const isRelative = !target.includes(':')
      if (/^#/.test(target) || (isRelative && typeof value.data === 'string')) return []
      if (isRelative && !(parameter.target ?? []).includes(target.split('/')[0])) return []
      const [type, id] = target.split('/')
      const isOurs = /^[A-Z]\w+\/[\w.-]+$/.test(target)
      return isOurs ? [['', target], ['', id], [type, id]] : target.includes(':') ? [['', escape(target)]] : []
    })
    const identifier = value.data.identifier
    if (identifier?.value) {
      ways.push(['identifier', `${escape(identifier.system ?? '')}|${escape(identifier.value)}`], ['identifier', escape(identifier.value)])
    }
    return ways
  },
  uri({ data }) {
    const above = data.replace(/\/[^/]*$/, '')
    return [['', escape(data)], ['below', escape(above)], ['above', escape(`${data}/more`)], ['', escape(above)]]
  },
  special({ data }, draw) {
    const far = draw.pick(['', '|1|km', '|500|m', '|100|mi', '|3000|km'])
    return [['', `${(data.latitude ?? 0) + draw.below(3) / 10}|${data.longitude ?? 0}${far}`]]
  },
  composite: () => []
}

/** Makes questions about one record. */
export class Questions {
  constructor(evaluator, draw) {
    this.evaluator = evaluator
    this.draw = draw
    this.types = [...evaluator.byType.keys()].filter((type) => type !== 'OperationOutcome')
    this.soughtTypes = this.types.filter((type) => evaluator.find(type, []).length > 0)
  }

  /** One condition about a resource of a type, as {name, value, kind, modifier}. */
  condition(type, depth = 0) {
    const { draw } = this
    const isFree = ({ code }) => !WHOSE.includes(code) && (type !== 'Patient' || code !== '_id')
    const parameters = [...parametersOf(type).values()].filter((one) => isFree(one) || depth > 0)
    const kinds = [...new Set(parameters.map((one) => one.type))]
    for (let attempt = 0; attempt < 60; attempt++) {
      // Half of them by kind, since most parameters are tokens.
      const kind = draw.happens(0.5) ? draw.pick(kinds) : undefined
      const parameter = draw.pick(kind ? parameters.filter((one) => one.type === kind) : parameters)
      const made = this.about(type, parameter, draw.pick(this.evaluator.ofType(type)))
      if (made) return made
    }
    return { name: '_lastUpdated', value: 'ge2000', kind: 'date', modifier: '' }
  }

  about(type, parameter, resource) {
    const { draw } = this
    const name = parameter.code
    if (name === '_id') return { name, value: `${resource.id},${draw.pick(this.evaluator.ofType(type)).id}`, kind: 'token', modifier: '' }
    if (draw.happens(0.06) && name !== '_lastUpdated') {
      return { name: `${name}:missing`, value: String(draw.happens(0.5)), kind: parameter.type, modifier: 'missing' }
    }
    if (parameter.type === 'composite') return this.composite(parameter, resource)
    const value = draw.pick(this.evaluator.valuesIn(resource, parameter))
    const ways = value ? ASK[parameter.type](value, draw, parameter) : []
    if (ways.length === 0) return undefined
    const modifier = draw.pick([...new Set(ways.map((way) => way[0]))])
    const asked = draw.pick(ways.filter((way) => way[0] === modifier))[1]
    const others = draw.happens(0.15) && !['in', 'not-in'].includes(modifier) ? ways.filter((way) => way[0] === modifier) : []
    const all = [...new Set([asked, ...others.map((way) => way[1])])].slice(0, 3)
    return { name: modifier ? `${name}:${modifier}` : name, value: all.join(','), kind: parameter.type, modifier: all.length > 1 ? `${modifier},or` : modifier }
  }

  composite(parameter, resource) {
    const { draw } = this
    const items = itemsOf(parameter, resource)
    if (items.length === 0) return undefined
    const parts = partsOf(parameter)
    // Sometimes parts of different items, which must find nothing by themselves.
    const asked = parts.map((part, place) => {
      const value = draw.pick((draw.happens(0.2) ? draw.pick(items) : items[0])[place])
      if (!value) return undefined
      const kind = value.type === 'Reference' ? 'reference' : value.type === 'code' ? 'token' : part.type
      const ways = ASK[kind](value, draw, part).filter(([modifier]) => modifier === '')
      return draw.pick(ways)?.[1]
    })
    if (asked.includes(undefined)) return undefined
    return { name: parameter.code, value: asked.join('$'), kind: 'composite', modifier: '' }
  }

  /** A condition on what a resource of a type refers to. */
  chained(type, depth) {
    const { draw, evaluator } = this
    const links = [...parametersOf(type).values()].filter((one) => one.type === 'reference')
    for (let attempt = 0; attempt < 40; attempt++) {
      const link = draw.pick(links)
      const target = link && draw.pick(evaluator.targets(draw.pick(evaluator.ofType(type)), link.code))
      if (!target) continue
      const rest = depth < 2 && draw.happens(0.2) ? this.linked(target.resourceType, depth + 1) : this.condition(target.resourceType, 1)
      if (!rest) continue
      const only = draw.happens(0.6) ? `:${target.resourceType}` : ''
      return { ...rest, name: `${link.code}${only}.${rest.name}`, modifier: `chain ${rest.modifier}` }
    }
    return undefined
  }

  /** A condition on what refers to a resource of a type. */
  reversed(type, depth) {
    const { draw, evaluator } = this
    for (let attempt = 0; attempt < 200; attempt++) {
      const other = draw.pick(this.types)
      const links = [...parametersOf(other).values()].filter((one) => one.type === 'reference')
      const link = links.length > 0 && draw.pick(links)
      const referring = link && evaluator.targets(draw.pick(evaluator.ofType(other)), link.code)
      if (!referring || !referring.some((one) => one.resourceType === type)) continue
      const rest = depth < 2 && draw.happens(0.2) ? this.linked(other, depth + 1) : this.condition(other, 1)
      if (!rest) continue
      return { ...rest, name: `_has:${other}:${link.code}:${rest.name}`, modifier: `_has ${rest.modifier}` }
    }
    return undefined
  }

  linked(type, depth = 0) {
    return this.draw.happens(0.5) ? this.chained(type, depth) : this.reversed(type, depth)
  }

  include(type) {
    const { draw, evaluator } = this
    const iterate = draw.happens(0.25) ? ':iterate' : ''
    if (draw.happens(0.5)) {
      const links = evaluator.linksOf(type, '*')
      const link = draw.happens(0.15) ? '*' : draw.pick(links)
      return link && { name: `_include${iterate}`, value: `${type}:${link}` }
    }
    const one = this.reversed(type, 2)
    const [, other, link] = one ? one.name.split(':') : []
    return one && { name: `_revinclude${iterate}`, value: `${other}:${draw.happens(0.15) ? '*' : link}` }
  }

  sort(type) {
    const { draw } = this
    const sortable = [...parametersOf(type).values()].filter((one) => ['token', 'string', 'date', 'quantity', 'number', 'uri'].includes(one.type))
    const names = [draw.pick(sortable), draw.pick(sortable)].slice(0, 1 + draw.below(2)).map((one) => one.code)
    return [...new Set(names)].filter((name) => name !== '_id').map((name) => (draw.happens(0.5) ? `-${name}` : name)).join(',')
  }

  /** A question about several types: conditions and an order that all of them know. */
  ofSeveral() {
    const { draw } = this
    const types = [...new Set([draw.pick(this.soughtTypes), draw.pick(this.soughtTypes), draw.pick(this.types)])]
    const isShared = (name) => types.every((type) => parametersOf(type).has(name))
    const conditions = []
    for (let attempt = 0; attempt < 20 && conditions.length === 0; attempt++) {
      const made = this.condition(types[0])
      if (isShared(made.name.split(':')[0]) && this.means(types, made)) conditions.push(made)
    }
    const answer = draw.happens(0.2) ? [{ name: '_count', value: String(1 + draw.below(9)) }] : []
    const sort = draw.happens(0.3) ? this.sort(types[0]) : ''
    const isOrdered = (name) => isShared(name) && this.means(types, { name, modifier: '' })
    if (sort && sort.split(',').every((name) => isOrdered(name.replace(/^-/, '')))) {
      answer.push({ name: '_sort', value: sort })
    }
    if (draw.happens(0.1)) answer.push({ name: '_summary', value: 'count' })
    return { types, conditions, answer }
  }

  /** Whether every type compares the parameter of a condition in the same way. */
  means(types, { name, modifier }) {
    const kinds = new Set(types.map((type) => parametersOf(type).get(name.split(':')[0]).type))
    return kinds.size === 1 && !/^(in|not-in|above|below|[A-Z])/.test(modifier)
  }

  /** A whole question: its type, its conditions, and what is asked of the answer. */
  next() {
    const { draw } = this
    if (draw.happens(0.06)) return this.ofSeveral()
    const type = draw.pick(this.soughtTypes)
    const conditions = [draw.happens(0.25) ? this.linked(type) : this.condition(type)]
    while (draw.happens(0.2)) conditions.push(draw.happens(0.15) ? this.linked(type) : this.condition(type))
    const answer = []
    if (draw.happens(0.15)) answer.push(this.include(type))
    if (draw.happens(0.05)) answer.push(this.include(type))
    const sort = draw.happens(0.15) ? this.sort(type) : ''
    if (sort) answer.push({ name: '_sort', value: sort })
    if (draw.happens(0.1)) answer.push({ name: '_count', value: String(1 + draw.below(7)) })
    else if (draw.happens(0.03)) answer.push({ name: '_summary', value: 'count' })
    return { type, conditions: conditions.filter(Boolean), answer: answer.filter(Boolean) }
  }
}

export { keyOf }
