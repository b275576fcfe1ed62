// The judge: looks at every resource for every question. Slow, in memory, on JSON as it was served.
import { compares, codes, fold, numbers, plain, pointsAt, ranges, split, words } from './compare.mjs'
import { itemsOf, parametersOf, partsOf, valuesOf } from './definitions.mjs'

const keyOf = (resource) => `${resource.resourceType}/${resource.id}`

export class Evaluator {
  /** Everything that the caller may know of, and among it what may be in an answer. */
  constructor(resources, sought = resources) {
    this.byKey = new Map(resources.map((one) => [keyOf(one), one]))
    this.byType = new Map()
    for (const one of resources) {
      const { resourceType: type } = one
      this.byType.set(type, [...(this.byType.get(type) ?? []), one])
    }
    this.sought = new Set(sought.map(keyOf))
    this.values = new Map()
  }

  ofType(type) {
    return this.byType.get(type) ?? []
  }

  /** The resources of a type that meet every condition. */
  find(type, conditions) {
    const own = this.ofType(type).filter((one) => this.sought.has(keyOf(one)))
    return own.filter((one) => conditions.every(([name, value]) => this.holds(one, name, value)))
  }

  valuesIn(resource, parameter) {
    const key = `${parameter.url} ${keyOf(resource)}`
    if (!this.values.has(key)) this.values.set(key, valuesOf(parameter, resource))
    return this.values.get(key)
  }

  /** Whether one condition holds, chains and reverse chains among them. */
  holds(resource, name, value) {
    const has = /^_has:(\w+):([\w-]+):(.+)$/.exec(name)
    if (has) {
      const [, type, link, rest] = has
      return this.ofType(type).some((other) => this.refersTo(other, link, keyOf(resource)) && this.holds(other, rest, value))
    }
    const chain = /^([\w-]+)(?::(\w+))?\.(.+)$/.exec(name)
    if (chain) {
      const [, link, type, rest] = chain
      const targets = this.targets(resource, link).filter((one) => !type || one.resourceType === type)
      return targets.some((one) => this.holds(one, rest, value))
    }
    const [bare, modifier] = name.split(':')
    const parameter = parametersOf(resource.resourceType).get(bare)
    return parameter !== undefined && this.meets(resource, parameter, modifier, value)
  }

  meets(resource, parameter, modifier, value) {
    if (parameter.code === '_id') return split(value, ',').includes(resource.id)
    if (modifier === 'missing') return (this.valuesIn(resource, parameter).length === 0) === (value === 'true')
    const isNot = modifier === 'not' || modifier === 'not-in'
    const isMet = split(value, ',').some((term) => {
      if (parameter.type === 'composite') return this.together(resource, parameter, term)
      return this.valuesIn(resource, parameter).some((one) =>
        compares(parameter.type, one, modifier === 'not' ? undefined : modifier, term, parameter)
      )
    })
    return isMet !== isNot
  }

  /** Whether some item has every part of a composite. */
  together(resource, parameter, term) {
    const terms = split(term, '$')
    const parts = partsOf(parameter)
    return itemsOf(parameter, resource).some((item) =>
      item.every((values, place) =>
        values.some((value) => {
          // HL7 names the components of one composite in the wrong order: what stands there decides.
          const kind = value.type === 'Reference' ? 'reference' : value.type === 'code' ? 'token' : parts[place].type
          return compares(kind, value, undefined, terms[place], parts[place])
        })
      )
    )
  }

  /** What a parameter refers to, as far as the caller may know of it. */
  targets(resource, name) {
    const parameter = parametersOf(resource.resourceType).get(name)
    if (parameter?.type !== 'reference') return []
    const keys = this.valuesIn(resource, parameter).flatMap(pointsAt)
    return [...new Set(keys)].map((key) => this.byKey.get(key)).filter(Boolean)
  }

  refersTo(resource, name, key) {
    return this.targets(resource, name).some((one) => keyOf(one) === key)
  }

  /** What goes with resources: `_include` and `_revinclude`, each as {name, value}. */
  included(found, includes) {
    const known = new Set(found.map(keyOf))
    const all = new Set()
    let from = found
    for (let round = 0; from.length > 0; round++) {
      const more = includes
        .filter(([name]) => round === 0 || name.endsWith(':iterate'))
        .flatMap(([name, value]) => (name.startsWith('_rev') ? this.referring(from, value) : this.referred(from, value)))
      from = [...new Set(more)].filter((one) => !known.has(keyOf(one)))
      from.forEach((one) => known.add(keyOf(one)) && all.add(keyOf(one)))
    }
    return all
  }

  linksOf(type, name) {
    const own = [...parametersOf(type).values()].filter((one) => one.type === 'reference')
    return own.filter((one) => name === '*' || one.code === name).map((one) => one.code)
  }

  referred(from, value) {
    const [source, name, target] = value.split(':')
    return from
      .filter((one) => one.resourceType === source)
      .flatMap((one) => this.linksOf(source, name).flatMap((link) => this.targets(one, link)))
      .filter((one) => !target || one.resourceType === target)
  }

  referring(from, value) {
    const [source, name, target] = value.split(':')
    const keys = new Set(from.filter((one) => !target || one.resourceType === target).map(keyOf))
    return this.ofType(source).filter((one) =>
      this.linksOf(source, name).some((link) => this.targets(one, link).some((other) => keys.has(keyOf(other))))
    )
  }

  /** What a resource is sorted by: its least value, or its greatest where the last comes first. */
  sortKey(resource, name, descending) {
    if (name === '_id') return undefined
    const parameter = parametersOf(resource.resourceType).get(name)
    const keys = this.valuesIn(resource, parameter).flatMap((value) => keysOf(parameter.type, value, descending))
    keys.sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
    return descending ? keys.at(-1) : keys[0]
  }
}

function keysOf(kind, value, descending) {
  const short = (texts) => texts.map((text) => [...text].slice(0, 64).join(''))
  if (kind === 'token') return short(codes(value).map((one) => one.code))
  if (kind === 'string') return short(words(value).map(fold))
  if (kind === 'uri') return short([value.data])
  if (kind === 'date') return ranges(value).map(([from, to]) => (descending ? to : from))
  if (kind === 'number' || kind === 'quantity') return numbers(value).map(({ low, high }) => (descending ? high : low))
  return []
}

export { keyOf, plain }
