using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Keeps each ReplicaSet at its number of pods, and its status true.</summary>
internal sealed class ReplicaSets : IAsyncDisposable
{
    private const int BurstLimit = 500;

    private readonly ControllerContext _context;
    private readonly ResourceType _type;
    private readonly ResourceType _pods;
    private readonly Worker<ObjectKey> _worker;
    private readonly EventRecorder _events;
    private readonly Adoption _adoption;

    public ReplicaSets(ControllerContext context)
    {
        _context = context;
        _type = context.Type("apps", "replicasets");
        _pods = context.Type("", "pods");
        _worker = new Worker<ObjectKey>(context, Reconcile);
        _events = new EventRecorder(context, "replicaset-controller");
        _adoption = new Adoption(context, _type);
        var sets = context.ShelfOf(_type);
        var pods = context.ShelfOf(_pods);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == sets && change.Kind != ChangeKind.Deleted)
            {
                _worker.Queue.Add(change.Object.Key);
            }
            else if (shelf == pods)
            {
                Notice(change.Object, sets);
                if (change.Previous?.Controller is { } before && before.Uid != change.Object.Controller?.Uid)
                {
                    Notice(change.Previous, sets);
                }
            }
        };
        _worker.Start();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private void Notice(StoredObject pod, Shelf sets)
    {
        if (pod.Controller is { } owner)
        {
            if (owner.Kind == "ReplicaSet")
            {
                _worker.Queue.Add(new ObjectKey(pod.Key.Namespace, owner.Name));
            }
            return;
        }
        // Nobody's pod: it may be one that a set is looking for.
        if (sets.Objects.TryGetValue(pod.Key.Namespace, out var candidates))
        {
            foreach (var set in candidates.Values.Where(s => LabelSelector.From(s.Spec.At("selector")).Matches(pod.Labels)))
            {
                _worker.Queue.Add(set.Key);
            }
        }
    }

    private void Reconcile(ObjectKey key)
    {
        if (_context.Registry.Find(_type, key) is not { } set)
        {
            return;
        }
        var active = _adoption.Claim(set).Where(p => p.IsActive()).ToList();
        string? failure = null;
        if (!set.IsDeleting)
        {
            failure = Scale(set, active);
        }
        UpdateStatus(set, active, failure);
    }

    /// <summary>Creates or deletes pods; returns why it could not.</summary>
    private string? Scale(StoredObject set, List<StoredObject> active)
    {
        var missing = (int)(set.Spec.Number("replicas") ?? 1) - active.Count;
        if (missing < 0)
        {
            foreach (var pod in PodRanking.DeletedFirst(active).Take(Math.Min(-missing, BurstLimit)))
            {
                _context.Registry.Delete(_pods, pod.Key, new DeleteOptions { Uid = pod.Uid }, ControllerContext.Writer);
                _events.Normal(_type, set, "SuccessfulDelete", $"Deleted pod: {pod.Key.Name}");
            }
            return null;
        }
        try
        {
            for (var i = 0; i < Math.Min(missing, BurstLimit); i++)
            {
                var pod = _context.Registry.Create(_pods, set.Key.Namespace, PodTemplate.Instantiate("apps/v1", "ReplicaSet", set), ControllerContext.Writer);
                _events.Normal(_type, set, "SuccessfulCreate", $"Created pod: {pod.Key.Name}");
            }
            return null;
        }
        catch (ApiFailure refusal) when (refusal.Code is 403 or 404 or 422)
        {
            _events.Warning(_type, set, "FailedCreate", $"Error creating: {refusal.Message}");
            return refusal.Message;
        }
    }

    private void UpdateStatus(StoredObject set, List<StoredObject> active, string? failure)
    {
        var minReady = set.Spec.Number("minReadySeconds") ?? 0;
        var now = _context.Now;
        var ready = active.Where(p => p.IsReady()).ToList();
        var waiting = ready.Select(p => p.AvailableFrom(minReady)!.Value).Where(t => t > now).ToList();
        var templateLabels = LabelSelector.FromMap(set.Spec.Object("template", "metadata", "labels") ?? []);
        var status = new JsonObject { ["replicas"] = active.Count };
        SetCount(status, "fullyLabeledReplicas", active.Count(p => templateLabels.Matches(p.Labels)));
        SetCount(status, "readyReplicas", ready.Count);
        SetCount(status, "availableReplicas", ready.Count - waiting.Count);
        status["observedGeneration"] = set.Content.Number("metadata", "generation") ?? 0;
        if (failure is not null)
        {
            status["conditions"] = new JsonArray(FailureCondition(set, failure, now));
        }
        if (!JsonNode.DeepEquals(status, set.Status))
        {
            _context.Registry.Update(_type, set.Key, content => WithStatus(content, set, status), ControllerContext.StatusWriter);
        }
        if (waiting.Count > 0)
        {
            _worker.Queue.AddAfter(set.Key, waiting.Min() - now);
        }
    }

    private static JsonObject FailureCondition(StoredObject set, string failure, DateTimeOffset now) => new()
    {
        ["type"] = "ReplicaFailure",
        ["status"] = "True",
        ["lastTransitionTime"] = set.Condition("ReplicaFailure").Text("lastTransitionTime") ?? now.Timestamp(),
        ["reason"] = "FailedCreate",
        ["message"] = failure,
    };

    private JsonObject WithStatus(JsonObject content, StoredObject seen, JsonObject status)
    {
        if (content.Text("metadata", "uid") != seen.Uid)
        {
            throw ApiFailure.Conflict(_type, seen.Key.Name, "it was replaced");
        }
        content["status"] = status.DeepClone();
        return content;
    }

    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count > 0)
        {
            status[name] = count;
        }
    }
}
