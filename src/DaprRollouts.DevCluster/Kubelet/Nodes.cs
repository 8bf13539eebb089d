using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Controllers;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Kubelet;

/// <summary>
/// The scheduler and the kubelets of nodes that do not exist: binds every pod, reports it running and ready, or whatever else
/// its spec asks for, and removes it once deleted.
/// </summary>
internal sealed class Nodes : IAsyncDisposable
{
    private static readonly WriteOptions Writer = new("kubelet");

    private readonly ControllerContext _context;
    private readonly TimeSpan _readyDelay;
    private readonly string[] _names;
    private readonly Dictionary<ObjectKey, PodRun> _runs = [];
    private readonly Worker<ObjectKey> _observer;
    private readonly Worker<IEnumerator<TimeSpan>> _stepper;
    private int _turn;
    private int _addresses;

    public Nodes(ControllerContext context, int count, TimeSpan readyDelay)
    {
        _context = context;
        _readyDelay = readyDelay;
        _names = [.. Enumerable.Range(1, count).Select(n => $"node-{n}")];
        _observer = new Worker<ObjectKey>(context, Observe);
        _stepper = new Worker<IEnumerator<TimeSpan>>(context, Step);
        foreach (var name in _names)
        {
            Register(name);
        }
        var pods = context.ShelfOf(context.Registry.Catalog.Pods);
        context.Store.Committed += (shelf, change) =>
        {
            if (shelf == pods)
            {
                _observer.Queue.Add(change.Object.Key);
            }
        };
        _observer.Start();
        _stepper.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _observer.DisposeAsync();
        await _stepper.DisposeAsync();
    }

    private void Register(string name)
    {
        var room = new JsonObject { ["cpu"] = "1000", ["memory"] = "1Ti", ["pods"] = "10000" };
        var ready = new JsonObject
        {
            ["type"] = "Ready", ["status"] = "True", ["reason"] = "KubeletReady", ["lastTransitionTime"] = _context.Now.Timestamp(),
        };
        var type = _context.Type("", "nodes");
        _context.Registry.Create(type, "", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = name } },
        }, Writer);
        _context.Registry.Update(type, new ObjectKey("", name), node =>
        {
            node["status"] = new JsonObject
            {
                ["capacity"] = room.DeepClone(), ["allocatable"] = room, ["conditions"] = new JsonArray(ready),
            };
            return node;
        }, Writer with { Subresource = "status" });
    }

    private void Observe(ObjectKey key)
    {
        var pod = _context.Registry.Find(_context.Registry.Catalog.Pods, key);
        if (_runs.TryGetValue(key, out var run) && run.Uid != pod?.Uid)
        {
            run.IsAlive = false;
            _runs.Remove(key);
            run = null;
        }
        if (pod is null)
        {
            return;
        }
        if (run is null)
        {
            run = _runs[key] = new PodRun(_context.Registry, pod, new PodPlan(pod, _readyDelay), NextNode(), NextAddress());
            if (!pod.IsDeleting && pod.Phase() is "" or "Pending" or "Running")
            {
                _stepper.Queue.Add(run.Live().GetEnumerator());
            }
        }
        if (pod.IsDeleting)
        {
            if (run.IsAlive)
            {
                run.IsAlive = false;
                _stepper.Queue.Add(run.End().GetEnumerator());
            }
        }
        else if (run.Plan.Gates.Count > 0 && run.AreContainersReady)
        {
            var conditions = pod.Status.Array("conditions");
            if (pod.IsReady() != run.Plan.Gates.All(g => PodReport.IsTrue(conditions, g)))
            {
                run.ReportGates();
            }
        }
    }

    private void Step(IEnumerator<TimeSpan> steps)
    {
        if (steps.MoveNext())
        {
            _stepper.Queue.AddAfter(steps, steps.Current);
        }
        else
        {
            steps.Dispose();
        }
    }

    /// <summary>The nodes take turns; one that is cordoned is passed over, unless all are.</summary>
    private string NextNode()
    {
        var type = _context.Type("", "nodes");
        var open = Array.FindAll(
            _names, n => _context.Registry.Find(type, new ObjectKey("", n)) is { } node && node.Spec.Flag("unschedulable") != true);
        var names = open.Length > 0 ? open : _names;
        return names[_turn++ % names.Length];
    }

    private string NextAddress()
    {
        var number = ++_addresses;
        return $"10.{244 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}";
    }
}
