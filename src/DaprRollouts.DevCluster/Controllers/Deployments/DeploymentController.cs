using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers.Deployments;

/// <summary>Brings each Deployment to its newest template, in steps as its strategy allows.</summary>
internal sealed class DeploymentController : IAsyncDisposable
{
    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly DeploymentSets _sets;
    private readonly Worker<ObjectKey> _worker;

    public DeploymentController(ControllerContext context)
    {
        _context = context;
        _type = context.Type("apps", "deployments");
        var setType = context.Type("apps", "replicasets");
        _sets = new DeploymentSets(context, _type, setType);
        _worker = new Worker<ObjectKey>(context, Reconcile);
        var deployments = context.ShelfOf(_type);
        var sets = context.ShelfOf(setType);
        var pods = context.ShelfOf(context.Registry.Catalog.Pods);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == deployments && change.Kind != ChangeKind.Deleted)
            {
                _worker.Queue.Add(change.Object.Key);
            }
            else if (shelf == pods && change.Kind == ChangeKind.Deleted && change.Object.Controller is { Kind: "ReplicaSet" } set)
            {
                var setKey = new ObjectKey(change.Object.Key.Namespace, set.Name);
                if (sets.Find(setKey)?.Controller is { Kind: "Deployment" } deployment)
                {
                    _worker.Queue.Add(new ObjectKey(setKey.Namespace, deployment.Name));
                }
            }
            else if (shelf == sets && (change.Object.Controller ?? change.Previous?.Controller) is { Kind: "Deployment" } owner)
            {
                _worker.Queue.Add(new ObjectKey(change.Object.Key.Namespace, owner.Name));
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void Reconcile(ObjectKey key)
    {
        if (_context.Registry.Find(_type, key) is not { } deployment)
        {
            return;
        }
        var plan = _sets.Observe(deployment);
        if (!deployment.IsDeleting)
        {
            Advance(plan);
        }
        UpdateStatus(plan);
    }

    private void Advance(DeploymentPlan plan)
    {
        var isPaused = plan.Deployment.Spec.Flag("paused") == true;
        if (DeploymentSets.IsRescaled(plan))
        {
            // Also those that keep their size learn the new number, so that this happens once.
            var sizes = RollingUpdate.Rescale(plan).ToDictionary(s => s.Set, s => s.Replicas);
            _sets.Resize(plan, plan.All.Select(s => (s, sizes.GetValueOrDefault(s, s.Replicas))).ToArray());
            return;
        }
        if (isPaused)
        {
            return;
        }
        if (plan.IsRecreated && (plan.Old.Any(s => s.Replicas > 0) || _sets.HasOldPods(plan)))
        {
            // The new pods wait until the last old one is gone; its deletion leads here again.
            _sets.Resize(plan, plan.Old.Where(s => s.Replicas > 0).Select(s => (s, 0)).ToArray());
            return;
        }
        _sets.EnsureNew(plan);
        _sets.Resize(plan, RollingUpdate.Next(plan).ToArray());
        if (DeploymentStatus.IsComplete(plan))
        {
            _sets.RemoveOldest(plan);
        }
    }

    private void UpdateStatus(DeploymentPlan plan)
    {
        var status = DeploymentStatus.Of(plan, _context.Now);
        if (!JsonNode.DeepEquals(status, plan.Deployment.Status))
        {
            var stored = _context.Registry.Update(
                _type, plan.Deployment.Key,
                content =>
                {
                    content["status"] = status.DeepClone();
                    return content;
                },
                ControllerContext.StatusWriter);
            Await(stored);
            return;
        }
        Await(plan.Deployment);
    }

    private void Await(StoredObject deployment)
    {
        if (DeploymentStatus.Deadline(deployment) is { } deadline)
        {
            _worker.Queue.AddAfter(deployment.Key, deadline - _context.Now);
        }
    }
}
