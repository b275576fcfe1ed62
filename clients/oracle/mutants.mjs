// Resources with something wrong in them, and requests that make no sense, drawn by chance.

// A change there may also change whose record it is, or whether it is known here.
const NOT_STRUCTURE = /(^|\.)(id|resourceType|reference|contained|meta|identifier|subject|patient|extension|modifierExtension|url|text|implicitRules|language)(\.|\[|$)/

const STRANGE = [
  null, '', ' ', 'x', '0', 'true', '2027-02-30', '2027-1-1', '2027-13', '2027-01-11T09:30:00', '2027-01-11T25:00:00Z', 'a  b', ' a', 'http://x y', 'İ\u0000', '\ud800',
  '☃'.repeat(40), 'z'.repeat(70_000), 0, -1, 1.5, 1e400, 2 ** 31, -0.0, true, false, [], [[]], [null], {}, { extension: [] }, { a: 1 }, { id: 'x' }, { reference: 'Patient/' }
]

/** Every place of a resource: [parent, key, path]. */
function places(value, path = '', found = []) {
  if (value === null || typeof value !== 'object') return found
  for (const [key, inner] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    found.push([value, key, at])
    places(inner, at, found)
  }
  return found
}

const CHANGES = {
  remove: (parent, key) => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]),
  replace: (parent, key, draw) => (parent[key] = draw.pick(STRANGE)),
  list: (parent, key) => (parent[key] = [parent[key]]),
  unlist: (parent, key) => (parent[key] = Array.isArray(parent[key]) ? parent[key][0] : parent[key]),
  twice: (parent, key) => (parent[key] = [parent[key], parent[key]].flat()),
  stranger: (parent, key) => typeof parent[key] === 'object' && parent[key] !== null && !Array.isArray(parent[key]) && (parent[key].colour = 'red'),
  rename: (parent, key) => !Array.isArray(parent) && ((parent[`${key}x`] = parent[key]), delete parent[key]),
  swap: (parent, key, draw) => (parent[key] = structuredClone(parent[draw.pick(Object.keys(parent))])),
  longer: (parent, key) => (parent[key] = typeof parent[key] === 'string' ? `${parent[key]} ` : parent[key]),
  capital: (parent, key) => (parent[key] = typeof parent[key] === 'string' ? parent[key].toUpperCase() : parent[key])
}

/** A resource with one thing changed: its text, and whether its structure alone decides. */
export function mutant(resource, draw) {
  const changed = structuredClone(resource)
  const all = places(changed)
  const [parent, key, path] = draw.pick(all)
  const how = draw.pick(Object.keys(CHANGES))
  CHANGES[how](parent, key, draw)
  return { what: `${how} ${path}`, text: JSON.stringify(changed), isStructural: !NOT_STRUCTURE.test(path) }
}

/** A resource whose text is no JSON, or JSON of the worst kind. */
export function broken(text, draw) {
  const bytes = Buffer.from(text)
  const at = draw.below(bytes.length)
  const flip = () => Buffer.concat([bytes.subarray(0, at), Buffer.from([draw.below(256)]), bytes.subarray(at + 1)])
  const ways = [
    flip,
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xfe]), bytes.subarray(at)]),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.from(text.replace('{', `{"resourceType":"Patient",`)),
    () => Buffer.from(text.replace('{', `{"extension":${'['.repeat(5000)}${']'.repeat(5000)},`)),
    () => Buffer.from(text.replace(/:\s*"/, `:"${'\\u0000'.repeat(9)}`)),
    () => Buffer.from(text.replace(/\d+/, '9'.repeat(400))),
    () => Buffer.from(`\ufeff${text}`),
    () => Buffer.from(JSON.stringify([JSON.parse(text)])),
    () => Buffer.from(text.replaceAll('"', "'")),
    () => Buffer.alloc(0)
  ]
  return draw.pick(ways)()
}

const NAMES = ['_id', '_count', '_sort', '_include', '_revinclude', '_has', '_total', '_summary', '_elements', '_lastUpdated', '_cursor', '_type', '_format', '_tag', '_filter', '_text']
const PIECES = ['', ':', ':missing', ':not', ':exact', ':Patient', '.', '.name', ':Patient.', '_has:', '_has:Observation:patient:', '%00', '%FF', '%', '&', '=', '|', ',', '$', '\\', '(', "'", '"', ';', '--', '*', '١', '😀', '%F0%9F', '..', '/', 'eq', 'ge', 'NaN', '1e999', '-1', '4294967296', '99999999999999999999', '2027-99-99', 'a'.repeat(3000)]

/** A query out of names that are known and pieces that are not. */
export function nonsense(type, names, patient, draw) {
  const word = () => Array.from({ length: 1 + draw.below(3) }, () => (draw.happens(0.4) ? draw.pick([...names, ...NAMES]) : draw.pick(PIECES))).join('')
  const pairs = Array.from({ length: 1 + draw.below(3) }, () => `${draw.happens(0.7) ? draw.pick([...names, ...NAMES]) : word()}${draw.happens(0.3) ? draw.pick(PIECES) : ''}=${word()}`)
  if (draw.happens(0.7)) pairs.unshift(`patient=${patient}`)
  return `${draw.happens(0.97) ? type : word()}?${pairs.join('&')}`.replace(/[\s#\\"]/g, (letter) => encodeURIComponent(letter))
}
