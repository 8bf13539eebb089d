namespace Dapr.Workflow;

/// <summary>How often, and at which distances, a failed activity or child workflow is tried again.</summary>
public class WorkflowRetryPolicy
{
    private static readonly TimeSpan CapWhereNoneIsGiven = TimeSpan.FromHours(1);

    public WorkflowRetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRetryInterval ?? CapWhereNoneIsGiven, firstRetryInterval, nameof(maxRetryInterval));
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
        if (RetryTimeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(RetryTimeout, firstRetryInterval, nameof(retryTimeout));
        }

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    /// <summary>The longest distance between two attempts; without it there is none.</summary>
    public TimeSpan? MaxRetryInterval { get; }

    public TimeSpan RetryTimeout { get; }
}
