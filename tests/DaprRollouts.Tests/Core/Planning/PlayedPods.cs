using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>The pods behind the ReplicaSets of a <see cref="World"/>.</summary>
internal sealed class PlayedPods
{
    private readonly List<PodView> _pods = [];
    private int _next;

    public IReadOnlyList<PodView> All => _pods;

    /// <summary>Brings the pods in line with their ReplicaSets: missing ones are made, surplus ones go, the youngest and those that cannot serve first.</summary>
    public IReadOnlyList<PodView> Follow(IEnumerable<ReplicaSetView> replicaSets, DateTimeOffset now)
    {
        foreach (var rs in replicaSets)
        {
            while (Of(rs).Count() > rs.Size)
            {
                _pods.Remove(Of(rs).OrderBy(p => p.Available).ThenByDescending(p => p.Created).ThenByDescending(p => p.Name).First());
            }

            while (Of(rs).Count() < rs.Size)
            {
                _pods.Add(new PodView { Name = $"{rs.Name}-{_next++}", ReplicaSet = rs.Name, Created = now });
            }

            var oldest = Of(rs).OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
            for (var i = 0; i < oldest.Count; i++)
            {
                Replace(oldest[i] with { Available = i < rs.Available });
            }
        }

        return [.. _pods];
    }

    /// <summary>Takes a pod away; whether it could serve.</summary>
    public PodView Evict(string name)
    {
        var pod = _pods.Single(p => p.Name == name);
        _pods.Remove(pod);
        return pod;
    }

    public void Replace(PodView pod) => _pods[_pods.FindIndex(p => p.Name == pod.Name)] = pod;

    private IEnumerable<PodView> Of(ReplicaSetView rs) => _pods.Where(p => p.ReplicaSet == rs.Name);
}
