using System.Text.Json;
using Dapr.Workflow;

namespace DaprRollouts.Workflows;

/// <summary>What wakes a workflow: a change in the cluster, a signal, or an instant.</summary>
internal sealed class Inbox(WorkflowContext context) : IDisposable
{
    /// <summary>The event that says "look again".</summary>
    public const string Wake = "wake";

    /// <summary>The event that carries a signal.</summary>
    public const string Signal = "signal";

    private readonly CancellationTokenSource _closed = new();
    private Task<JsonElement>? _wake;
    private Task<JsonElement>? _signal;
    private Task? _timer;
    private DateTime _timerAt;

    /// <summary>Whether nothing has arrived that nobody has looked at.</summary>
    public bool IsEmpty => _wake is not { IsCompleted: true } && _signal is not { IsCompleted: true };

    /// <summary>Waits for the next thing, but no longer than until an instant; null means "look again".</summary>
    public async Task<JsonElement?> NextAsync(DateTimeOffset? until)
    {
        _wake ??= context.WaitForExternalEventAsync<JsonElement>(Wake, _closed.Token);
        _signal ??= context.WaitForExternalEventAsync<JsonElement>(Signal, _closed.Token);
        if (until is { } instant)
        {
            ArmTimer(instant.UtcDateTime);
        }

        await Task.WhenAny(until is null ? [_wake, _signal] : [_wake, _signal, _timer!]);
        if (_signal.IsCompleted)
        {
            var signal = _signal;
            _signal = null;
            return signal.IsCompletedSuccessfully ? signal.Result : Unreadable(signal);
        }

        _wake = _wake.IsCompleted ? null : _wake;
        _timer = _timer is { IsCompleted: true } ? null : _timer;
        return null;
    }

    /// <summary>Stops listening, so that what arrives from now on is carried over to the next generation.</summary>
    public void Close() => _closed.Cancel();

    public void Dispose() => _closed.Dispose();

    // A timer that is due earlier serves as well: it only leads to another look. So a deadline that moves away costs no new timer.
    private void ArmTimer(DateTime at)
    {
        if (_timer is null || _timerAt > at)
        {
            _timer = context.CreateTimer(at, CancellationToken.None);
            _timerAt = at;
        }
    }

    // Whoever raises the event may send anything; the activity refuses it by name.
    private static JsonElement Unreadable(Task signal) =>
        JsonSerializer.SerializeToElement(new { error = signal.Exception?.GetBaseException().Message });
}
