using System.CommandLine;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Ends an update; everything returns to the stable version.</summary>
internal static class AbortVerb
{
    public static Command Create(Shell shell)
    {
        var names = RolloutName.Several(shell);
        var reason = RolloutName.Reason();
        var command = new Command("abort", "Abort an update: everything returns to the stable version.") { names, reason };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            foreach (var rollout in parsed.GetRequiredValue(names))
            {
                await target.SignalAsync(rollout, new Signal { Action = SignalAction.Abort, Reason = parsed.GetValue(reason) }, cancel);
                await shell.Out.WriteLineAsync($"rollout '{rollout}' aborted");
            }
        });
        return command;
    }
}
