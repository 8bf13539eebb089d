using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Kubelet;

/// <summary>One pod on its node: its life and its end, as steps with a wait after each.</summary>
internal sealed class PodRun(Registry registry, StoredObject pod, PodPlan plan, string node, string address)
{
    private static readonly WriteOptions Writer = new("kubelet");
    private static readonly TimeSpan PullTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SlowStart = TimeSpan.FromMilliseconds(500);

    private readonly Resources.ResourceType _pods = registry.Catalog.Pods;

    public string Uid => pod.Uid;

    public PodPlan Plan => plan;

    /// <summary>Whether the pod is neither deleted nor being deleted.</summary>
    public bool IsAlive { get; set; } = true;

    /// <summary>Whether all containers are ready.</summary>
    public bool AreContainersReady { get; private set; }

    public IEnumerable<TimeSpan> Live()
    {
        if (string.IsNullOrEmpty(pod.Spec.Text("nodeName")))
        {
            PodBinding.Bind(registry, _pods, pod.Key, node, pod.Uid, Writer);
        }
        if (plan.Trouble is { } trouble)
        {
            yield return PullTime;
            Report(status =>
            {
                status["phase"] = "Pending";
                status["startTime"] = Now.Timestamp();
                status["containerStatuses"] = PodReport.ContainerStatuses(plan, new JsonObject { ["waiting"] = trouble.DeepClone() }, isReady: false);
            });
            yield break;
        }
        var started = Now;
        var running = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = started.Timestamp() } };
        var neverGetsReady = plan.IsNeverReady || plan.ReadyDelay >= plan.Runtime;
        if (neverGetsReady || plan.ReadyDelay > SlowStart)
        {
            Report(status => ReportRunning(status, started, running, isReady: false));
        }
        if (!neverGetsReady)
        {
            yield return plan.ReadyDelay;
            AreContainersReady = true;
            Report(status => ReportRunning(status, started, running, isReady: true));
        }
        if (plan.Runtime is not { } runtime)
        {
            yield break;
        }
        yield return runtime - (neverGetsReady ? TimeSpan.Zero : plan.ReadyDelay);
        AreContainersReady = false;
        Report(status => ReportEnd(status, started));
    }

    public IEnumerable<TimeSpan> End()
    {
        yield return plan.EndDelay;
        registry.Delete(_pods, pod.Key, new DeleteOptions { GracePeriodSeconds = 0, Uid = pod.Uid }, Writer);
    }

    /// <summary>Looks at the readiness gates again, which others set.</summary>
    public void ReportGates() => Report(_ => { });

    private DateTimeOffset Now => registry.Time.GetUtcNow();

    private void ReportRunning(JsonObject status, DateTimeOffset started, JsonObject running, bool isReady)
    {
        status["phase"] = "Running";
        status["hostIP"] = "192.168.0.1";
        status["podIP"] = address;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        status["startTime"] = started.Timestamp();
        status["containerStatuses"] = PodReport.ContainerStatuses(plan, running, isReady);
    }

    private void ReportEnd(JsonObject status, DateTimeOffset started)
    {
        var ended = new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = plan.ExitCode,
                ["reason"] = plan.ExitCode == 0 ? "Completed" : "Error",
                ["startedAt"] = started.Timestamp(),
                ["finishedAt"] = Now.Timestamp(),
            },
        };
        if (plan.Ends)
        {
            status["phase"] = plan.ExitCode == 0 ? "Succeeded" : "Failed";
            status["containerStatuses"] = PodReport.ContainerStatuses(plan, ended, isReady: false);
            return;
        }
        var crashed = new JsonObject
        {
            ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = "back-off restarting failed container" },
        };
        status["containerStatuses"] = PodReport.ContainerStatuses(plan, crashed, isReady: false, restarts: 1, ended);
    }

    private void Report(Action<JsonObject> change)
    {
        if (!IsAlive)
        {
            return;
        }
        registry.Update(
            _pods, pod.Key,
            content =>
            {
                if (content.Text("metadata", "uid") != pod.Uid)
                {
                    throw ApiFailure.NotFound(_pods, pod.Key.Name);
                }
                var status = content.Ensure("status");
                change(status);
                PodReport.SetConditions(status, plan, AreContainersReady, Now);
                return content;
            },
            Writer with { Subresource = "status" });
    }
}
