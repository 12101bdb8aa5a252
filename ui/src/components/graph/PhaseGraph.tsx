import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import * as q from '@/lib/api/queries/phases'
import { GraphScreen } from './GraphScreen'

const route = getRouteApi('/p/$project/phases/$phase/graph')

export function PhaseGraph() {
  const { project, phase } = route.useParams()
  const { data } = useQuery(q.phase(project, phase))
  const features = useQuery(q.phaseFeatures(project, phase))
  const names = useMemo(() => new Map(features.data?.map((f) => [f.id, f.name])), [features.data])
  return (
    <GraphScreen
      project={project}
      of={{ phase_id: phase }}
      title={data ? `Dependencies in ${data.name}` : 'Dependencies'}
      group={(task) => names.get(task.feature_id) ?? task.category}
    />
  )
}
