import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { feature as byId } from '@/lib/api/queries/features'
import { GraphScreen } from './GraphScreen'

const route = getRouteApi('/p/$project/features/$feature/graph')

export function FeatureGraph() {
  const { project, feature } = route.useParams()
  const { data } = useQuery(byId(project, feature))
  return (
    <GraphScreen
      project={project}
      of={{ feature_id: feature }}
      title={data ? `Dependencies in ${data.name}` : 'Dependencies'}
      group={(task) => task.category}
    />
  )
}
