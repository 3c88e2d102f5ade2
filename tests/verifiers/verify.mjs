// Holds proofs of ours against @sigstore/verify and @transmute/rfc9162, which know nothing of us, and requires that
// each refuses every change. Usage: node verify.mjs FOLDER MODULES
import { createHash, createPublicKey } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'

const [folder, modules] = process.argv.slice(2)
const require = createRequire(modules + '/package.json')
const { verifyCheckpoint } = require(modules + '/node_modules/@sigstore/verify/dist/tlog/checkpoint.js')
const { verifyMerkleInclusion } = require(modules + '/node_modules/@sigstore/verify/dist/tlog/merkle.js')
const { RFC9162 } = require('@transmute/rfc9162')

const [name, id, key64] = (() => {
  const text = readFileSync(folder + '/export/vkey', 'utf8').trim()
  const first = text.indexOf('+'), second = text.indexOf('+', first + 1)
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)]
})()
const raw = Buffer.from(key64, 'base64').subarray(1)
const publicKey = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]), format: 'der', type: 'spki' })
const logs = [{ logID: Buffer.from(id, 'hex'), baseURL: name, publicKey }]

function parts(text) {
  const end = text.indexOf('\n\n')
  const lines = text.slice(0, end).split('\n')
  return {
    index: Number(lines[1].slice('index '.length)),
    hashes: lines.slice(2).map((line) => Buffer.from(line, 'base64')),
    envelope: text.slice(end + 2),
  }
}

function sigstore(proof, record) {
  const entry = {
    canonicalizedBody: record,
    inclusionProof: { logIndex: String(proof.index), hashes: proof.hashes, checkpoint: { envelope: proof.envelope } },
  }
  try {
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, logs))
    return true
  } catch {
    return false
  }
}

const body = (envelope) => envelope.split('\n')
const leaf = (record) => createHash('sha256').update(Buffer.concat([Buffer.from([0]), record])).digest()

async function rfc9162(proof, record) {
  const [, size, root] = body(proof.envelope)
  return RFC9162.verifyInclusionProof(Buffer.from(root, 'base64'), leaf(record), {
    log_id: '', tree_size: Number(size), leaf_index: proof.index, inclusion_path: proof.hashes,
  })
}

let wrong = 0
const must = (right, what) => {
  if (!right) {
    ++wrong
    console.log('WRONG', what)
  }
}
let changes = 0
for (const file of readdirSync(folder + '/proofs').filter((each) => each.endsWith('.tlog-proof'))) {
  const text = readFileSync(folder + '/proofs/' + file, 'utf8')
  const record = readFileSync(folder + '/proofs/' + file.replace('.tlog-proof', '.record'))
  const proof = parts(text)
  must(sigstore(proof, record), '@sigstore/verify refuses ' + file)
  must(await rfc9162(proof, record), '@transmute/rfc9162 refuses ' + file)
  for (let at = 0; at < record.length; at += 3) {
    const changed = Buffer.from(record)
    changed[at] ^= 1
    ++changes
    must(!sigstore(proof, changed), `@sigstore/verify takes ${file} with byte ${at} of the record changed`)
    must(!(await rfc9162(proof, changed)), `@transmute/rfc9162 takes ${file} with byte ${at} of the record changed`)
  }
  for (let hash = 0; hash < proof.hashes.length; ++hash)
    for (let at = 0; at < 32; at += 5) {
      const hashes = proof.hashes.map((each) => Buffer.from(each))
      hashes[hash][at] ^= 1
      ++changes
      must(!sigstore({ ...proof, hashes }, record), `@sigstore/verify takes ${file} with hash ${hash} changed`)
      must(!(await rfc9162({ ...proof, hashes }, record)), `@transmute/rfc9162 takes ${file} with hash ${hash} changed`)
    }
  const signature = proof.envelope.lastIndexOf(' ') + 1
  for (let at = 0; at < proof.envelope.length - 2; at += 2) {
    // The key's id and the text before the signature; the last characters of base64 have unused bits.
    if (at > proof.envelope.length - 5) continue
    const c = proof.envelope[at]
    const changed = proof.envelope.slice(0, at) + (c === 'A' ? 'B' : 'A') + proof.envelope.slice(at + 1)
    if (at === signature - 1) continue
    ++changes
    must(!sigstore({ ...proof, envelope: changed }, record), `@sigstore/verify takes ${file} with character ${at} of the note changed`)
  }
}
const before = readFileSync(folder + '/before', 'utf8'), after = readFileSync(folder + '/export/checkpoint', 'utf8')
const path = readFileSync(folder + '/consistency', 'utf8').trimEnd().split('\n').map((line) => Buffer.from(line, 'base64'))
const consistent = (list) => RFC9162.verifyConsistencyProof(Buffer.from(body(before)[2], 'base64'), Buffer.from(body(after)[2], 'base64'), {
  log_id: '', tree_size_1: Number(body(before)[1]), tree_size_2: Number(body(after)[1]), consistency_path: list,
})
must(await consistent(path), '@transmute/rfc9162 refuses the consistency proof')
for (let hash = 0; hash < path.length; ++hash) {
  const list = path.map((each) => Buffer.from(each))
  list[hash][7] ^= 1
  ++changes
  must(!(await consistent(list)), `@transmute/rfc9162 takes the consistency proof with hash ${hash} changed`)
}
console.log(`@sigstore/verify and @transmute/rfc9162: ${wrong === 0 ? 'verified' : 'NOT verified'}, ${changes} changes tried`)
process.exit(wrong === 0 ? 0 : 1)
