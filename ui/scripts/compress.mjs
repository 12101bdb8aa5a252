// Packs what was built, so that the server has nothing to pack: NAME.br and NAME.gz beside each text file.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const packed = /\.(html|js|css|svg|txt)$/

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name)
  if (!packed.test(name) || !statSync(path).isFile()) continue
  const bytes = readFileSync(path)
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  const codings = { br: brotliCompressSync(bytes, { params: quality }), gz: gzipSync(bytes, { level: 9 }) }
  for (const [ending, smaller] of Object.entries(codings))
    if (smaller.length < bytes.length) writeFileSync(`${path}.${ending}`, smaller)
}
