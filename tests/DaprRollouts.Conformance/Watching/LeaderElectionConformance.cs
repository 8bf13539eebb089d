using DaprRollouts.Conformance.DevCluster;
using DaprRollouts.Kubernetes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Conformance.Watching;

/// <summary>One replica leads at a time, and another takes over. The same tests run on the embedded cluster and on a real control plane.</summary>
public abstract class LeaderElectionConformance
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_leads_and_when_it_stops_another_takes_over_at_once()
    {
        await using var ns = await StartAsync();
        await using var first = new Replica(ns, "first");
        await Eventually.TrueAsync("the first leads", () => first.IsLeading);
        await using var second = new Replica(ns, "second");
        Assert.False(second.IsLeading);

        await first.StopAsync();
        Assert.False(first.IsLeading);

        await Eventually.TrueAsync("the second leads", () => second.IsLeading);
        var lease = await ns.Client.CoordinationV1.ReadNamespacedLeaseAsync("dapr-rollouts-executor", ns.Name, cancellationToken: Cancel);
        Assert.Equal(("second", 15), (lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds));
        Assert.True(lease.Spec.LeaseTransitions > 0);
    }

    [Fact]
    public async Task A_leader_whose_lease_is_taken_stops_what_it_does()
    {
        await using var ns = await StartAsync();
        await using var replica = new Replica(ns, "first");
        await Eventually.TrueAsync("it leads", () => replica.IsLeading);

        await Eventually.TrueAsync("somebody else has taken the lease", async () =>
        {
            var lease = await ns.Client.CoordinationV1.ReadNamespacedLeaseAsync("dapr-rollouts-executor", ns.Name, cancellationToken: Cancel);
            lease.Spec.HolderIdentity = "somebody else";
            try
            {
                await ns.Client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "dapr-rollouts-executor", ns.Name, cancellationToken: Cancel);
                return true;
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
            {
                return false;
            }
        });

        await Eventually.TrueAsync("it has stopped", () => !replica.IsLeading);
    }

    private protected abstract Task<TestNamespace> StartAsync();

    /// <summary>A replica that takes part in the election.</summary>
    private sealed class Replica : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _running;
        private volatile bool _leading;

        public Replica(TestNamespace ns, string identity)
        {
            var options = new LeaderElectionOptions(ns.Name, identity) { RetryPeriod = TimeSpan.FromMilliseconds(200) };
            _running = new LeaderElection(ns.Client, options, TimeProvider.System, NullLogger<LeaderElection>.Instance).RunAsync(LeadAsync, _stopping.Token);
        }

        public bool IsLeading => _leading;

        public async Task StopAsync()
        {
            await _stopping.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stopping.Dispose();
        }

        private async Task LeadAsync(CancellationToken cancel)
        {
            _leading = true;
            await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _leading = false;
        }
    }
}

public sealed class EmbeddedClusterElection : LeaderElectionConformance
{
    private protected override Task<TestNamespace> StartAsync() => TestNamespace.OnTheEmbeddedClusterAsync();
}

public sealed class RealControlPlaneElection : LeaderElectionConformance
{
    private protected override Task<TestNamespace> StartAsync()
    {
        Assert.SkipWhen(ApiTarget.RealKubeconfig is null, $"{ApiTarget.KubeconfigVariable} names no control plane");
        return TestNamespace.OnARealControlPlaneAsync(ApiTarget.RealKubeconfig!);
    }
}
