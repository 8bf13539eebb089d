using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Keeps the status of each PodDisruptionBudget, which evictions spend.</summary>
internal sealed class DisruptionBudgets : IAsyncDisposable
{
    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly ResourceType _pods;
    private readonly Shelf _shelf;
    private readonly Worker<ObjectKey> _worker;

    public DisruptionBudgets(ControllerContext context)
    {
        _context = context;
        _type = context.Type("policy", "poddisruptionbudgets");
        _pods = context.Registry.Catalog.Pods;
        _shelf = context.ShelfOf(_type);
        _worker = new Worker<ObjectKey>(context, Reconcile);
        var pods = context.ShelfOf(_pods);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == _shelf && change.Kind != ChangeKind.Deleted)
            {
                _worker.Queue.Add(change.Object.Key);
            }
            else if (shelf == pods && _shelf.Objects.TryGetValue(change.Object.Key.Namespace, out var budgets))
            {
                foreach (var budget in budgets.Values)
                {
                    _worker.Queue.Add(budget.Key);
                }
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void Reconcile(ObjectKey key)
    {
        if (_context.Registry.Find(_type, key) is not { IsDeleting: false } budget)
        {
            return;
        }
        var selector = LabelSelector.From(budget.Spec.At("selector"));
        var pods = _context.Registry.View(_pods).In(key.Namespace).Where(p => selector.Matches(p.Labels) && !p.IsOver()).ToList();
        var disrupted = pods.Where(p => !p.IsDeleting && budget.Status.Text("disruptedPods", p.Key.Name) is not null)
            .ToDictionary(p => p.Key.Name, p => budget.Status.Text("disruptedPods", p.Key.Name));
        var healthy = pods.Count(p => p.IsReady() && !p.IsDeleting && !disrupted.ContainsKey(p.Key.Name));
        var expected = Expected(budget, pods);
        var desired = budget.Spec.At("minAvailable") is { } minimum
            ? IntOrPercent.Resolve(minimum, expected, roundUp: true)
            : Math.Max(0, expected - IntOrPercent.Resolve(budget.Spec.At("maxUnavailable"), expected, roundUp: true));
        var status = new JsonObject
        {
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = desired,
            ["disruptionsAllowed"] = Math.Max(0, healthy - desired),
            ["expectedPods"] = expected,
            ["observedGeneration"] = budget.Content.Number("metadata", "generation") ?? 0,
        };
        status.SetOrRemove("disruptedPods", new JsonObject(disrupted.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))));
        if (!JsonNode.DeepEquals(status, budget.Status))
        {
            _context.Registry.Update(
                _type, key,
                content =>
                {
                    content["status"] = status.DeepClone();
                    return content;
                },
                ControllerContext.StatusWriter);
        }
    }

    /// <summary>How many pods there should be: an absolute minimum counts those that are there, all else what their owners want.</summary>
    private int Expected(StoredObject budget, List<StoredObject> pods)
    {
        if (budget.Spec.Number("minAvailable") is not null)
        {
            return pods.Count;
        }
        return pods.Select(Scaled).DistinctBy(o => o.Uid).Sum(o => o.Replicas);
    }

    /// <summary>The outermost owner of a pod that can be scaled.</summary>
    private (string Uid, int Replicas) Scaled(StoredObject pod)
    {
        (string, int) result = (pod.Uid, 1);
        for (var item = pod; item?.Controller is { } owner;)
        {
            if (_context.Registry.Catalog.FindKind(owner.ApiVersion, owner.Kind) is not { Scale: { } scale } type)
            {
                break;
            }
            item = _context.Registry.Find(type, new ObjectKey(pod.Key.Namespace, owner.Name));
            if (item is not null)
            {
                result = (item.Uid, (int)(item.Content.Number([.. scale.SpecReplicas]) ?? 0));
            }
        }
        return result;
    }
}
