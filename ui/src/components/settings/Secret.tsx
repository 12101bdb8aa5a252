import { Copy } from 'lucide-react'
import { button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/Dialog'
import { failed, said } from '@/components/ui/Toast'

type Props = { title: string; text: string; secret: string; onClose: () => void }

/** A secret that is shown this once. */
export function Secret({ title, text, secret, onClose }: Props) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      said('Copied.')
    } catch (error) {
      failed(error, 'This browser does not let a page copy here; select the text instead')
    }
  }
  return (
    <Dialog title={title} description={text} onClose={onClose}>
      <code className="block rounded-md border border-line bg-sunken p-3 font-mono text-xs select-all [overflow-wrap:anywhere]">
        {secret}
      </code>
      <div className="mt-4 flex justify-end gap-2">
        <button type="button" className={button.plain} onClick={() => void copy()}>
          <Copy size={14} aria-hidden />
          Copy
        </button>
        <button type="button" className={button.primary} onClick={onClose}>
          I have kept it
        </button>
      </div>
    </Dialog>
  )
}
