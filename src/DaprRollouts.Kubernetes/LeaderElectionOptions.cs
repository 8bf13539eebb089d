namespace DaprRollouts.Kubernetes;

/// <summary>How one of several replicas is elected.</summary>
/// <param name="Namespace">Where the Lease is.</param>
/// <param name="Identity">Who this replica is, told apart from all others.</param>
/// <param name="InstanceId">The instance; each elects a leader of its own.</param>
public sealed record LeaderElectionOptions(string Namespace, string Identity, string? InstanceId = null)
{
    /// <summary>How long the others wait for a leader that is not heard of.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader that cannot renew its Lease still leads: less than the others wait, so that no two ever lead.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the Lease is looked at.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The name of the Lease.</summary>
    public string LeaseName => string.IsNullOrEmpty(InstanceId) ? "dapr-rollouts-executor" : $"dapr-rollouts-executor-{InstanceId}";
}
