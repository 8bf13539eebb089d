using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Kubernetes;

/// <summary>
/// Elects a leader over a Lease. The elector of KubernetesClient is not used: an API server that is away for a moment ends its campaign, and it does not give a Lease
/// back. Whether a Lease has run out is judged by how long it was seen unchanged, so the clocks of replicas need not agree.
/// </summary>
public sealed partial class LeaderElection(k8s.Kubernetes client, LeaderElectionOptions options, TimeProvider time, ILogger<LeaderElection> logger)
{
    private string? _seenVersion;
    private long _seenAt;

    /// <summary>Whether this replica leads.</summary>
    public bool IsLeader { get; private set; }

    /// <summary>Campaigns, and leads as long as it may; again and again until cancelled.</summary>
    /// <param name="lead">What only the leader does; cancelled when it no longer is.</param>
    /// <param name="cancel">Ends it; the Lease is given back.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        while (true)
        {
            while (await TryHoldAsync(cancel) != true)
            {
                await Task.Delay(options.RetryPeriod, time, cancel);
            }

            await LeadAsync(lead, cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        Log.Leads(logger, options.Identity, options.LeaseName);
        IsLeader = true;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var leading = lead(ended.Token);
        var renewing = RenewAsync(ended.Token);
        await Task.WhenAny(leading, renewing);
        await ended.CancelAsync();
        await Task.WhenAll(leading, renewing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        IsLeader = false;
        Log.LeadsNoMore(logger, options.Identity, options.LeaseName);
        await ReleaseAsync();
        if (leading.IsFaulted)
        {
            await leading;
        }
    }

    // Returns when the Lease is lost. What counts is when a renewal was asked for, not when its answer came.
    private async Task RenewAsync(CancellationToken cancel)
    {
        var renewed = time.GetTimestamp();
        while (time.GetElapsedTime(renewed) < options.RenewDeadline)
        {
            await Task.Delay(options.RetryPeriod, time, cancel);
            var asked = time.GetTimestamp();
            using var patience = new CancellationTokenSource(options.RetryPeriod * 2, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
            switch (await TryHoldAsync(either.Token))
            {
                case true:
                    renewed = asked;
                    break;
                case false:
                    return;
            }
        }
    }

    // False if somebody else holds it, null if the API server cannot tell or another claim came in between.
    private async Task<bool?> TryHoldAsync(CancellationToken cancel)
    {
        try
        {
            return await ApiCall.SendAsync($"hold Lease {options.LeaseName}", () => HoldAsync(cancel), cancel);
        }
        catch (Exception e) when (e is ConflictException or AlreadyExistsException or OperationCanceledException)
        {
            return null;
        }
        catch (KubernetesApiException e)
        {
            Log.Uncertain(logger, options.LeaseName, e.Message);
            return null;
        }
    }

    private async Task<bool> HoldAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (await ReadAsync(cancel) is not { } lease)
        {
            var created = new V1Lease { Metadata = new V1ObjectMeta { Name = options.LeaseName }, Spec = Held(new V1LeaseSpec(), now) };
            Saw(await client.CoordinationV1.CreateNamespacedLeaseAsync(created, options.Namespace, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel));
            return true;
        }

        Saw(lease);
        lease.Spec ??= new V1LeaseSpec();
        var patience = TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? 0);
        var isMine = lease.Spec.HolderIdentity == options.Identity;
        if (!isMine && !string.IsNullOrEmpty(lease.Spec.HolderIdentity) && time.GetElapsedTime(_seenAt) < patience)
        {
            return false;
        }

        // The resource version in it lets only one of several claims through.
        lease.Spec = Held(lease.Spec, now);
        Saw(await client.CoordinationV1.ReplaceNamespacedLeaseAsync(
            lease, options.LeaseName, options.Namespace, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel));
        return true;
    }

    private V1LeaseSpec Held(V1LeaseSpec spec, DateTime now)
    {
        if (spec.HolderIdentity != options.Identity)
        {
            spec.LeaseTransitions = spec.HolderIdentity is null ? 0 : (spec.LeaseTransitions ?? 0) + 1;
            spec.AcquireTime = now;
            spec.HolderIdentity = options.Identity;
        }

        spec.LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds;
        spec.RenewTime = now;
        return spec;
    }

    private void Saw(V1Lease lease)
    {
        if (lease.Metadata.ResourceVersion != _seenVersion)
        {
            (_seenVersion, _seenAt) = (lease.Metadata.ResourceVersion, time.GetTimestamp());
        }
    }

    private async Task<V1Lease?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await ApiCall.SendAsync(
                $"get Lease {options.LeaseName}",
                () => client.CoordinationV1.ReadNamespacedLeaseAsync(options.LeaseName, options.Namespace, cancellationToken: cancel),
                cancel);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    // So that the next leader need not wait until the Lease has run out.
    private async Task ReleaseAsync()
    {
        using var patience = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            if (await ReadAsync(patience.Token) is { } lease && lease.Spec?.HolderIdentity == options.Identity)
            {
                lease.Spec.HolderIdentity = "";
                lease.Spec.LeaseDurationSeconds = 1;
                await ApiCall.SendAsync(
                    $"release Lease {options.LeaseName}",
                    () => client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, options.LeaseName, options.Namespace, cancellationToken: patience.Token),
                    patience.Token);
            }
        }
        catch (Exception e) when (e is KubernetesApiException or OperationCanceledException)
        {
            Log.Uncertain(logger, options.LeaseName, e.Message); // it runs out by itself
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads: it holds Lease {Lease}")]
        public static partial void Leads(ILogger logger, string identity, string lease);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} does not lead any more: Lease {Lease} is for others")]
        public static partial void LeadsNoMore(ILogger logger, string identity, string lease);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {Lease} could be neither read nor renewed: {Problem}")]
        public static partial void Uncertain(ILogger logger, string lease, string problem);
    }
}
