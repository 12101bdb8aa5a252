import { queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../client'
import { allPages } from './request'

export type InboxItem = Schemas['InboxItem']

/** What needs a person, of one project or of all. */
export const inbox = (project?: string) =>
  queryOptions({
    queryKey: ['inbox', project ?? null],
    queryFn: ({ signal }) =>
      allPages((cursor) =>
        unwrap(
          api.GET('/api/inbox', {
            params: { query: { limit: 1000, ...(project && { project }), ...(cursor && { cursor }) } },
            signal,
          }),
        ),
      ),
  })
