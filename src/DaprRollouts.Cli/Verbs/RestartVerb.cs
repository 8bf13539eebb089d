using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Restarts the pods of a rollout, now or later.</summary>
internal static class RestartVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var reason = RolloutName.Reason();
        var delay = DurationOption.Create("--in", "-i", "Restart after this long, such as 10s or 1h30m. Default: now.");
        var command = new Command("restart", "Restart the pods of a rollout.") { name, reason, delay };
        command.SetAction(async (parsed, cancel) =>
        {
            var rollout = parsed.GetRequiredValue(name);
            var target = shell.Connect(parsed);
            if (parsed.GetValue(delay) is { } later)
            {
                await target.ReadAsync(rollout, cancel);
                var at = new JsonObject { ["restartAt"] = ModelJson.Time(shell.Time.GetUtcNow() + later) };
                await target.ChangeAsync(rollout, SignalAction.Restart, parsed.GetValue(reason), null, at, cancel);
                await shell.Out.WriteLineAsync($"rollout '{rollout}' restarts in {parsed.GetResult(delay)!.Tokens[0].Value}");
                return;
            }

            await target.SignalAsync(rollout, new Signal { Action = SignalAction.Restart, Reason = parsed.GetValue(reason) }, cancel);
            await shell.Out.WriteLineAsync($"rollout '{rollout}' restarts in 0s");
        });
        return command;
    }
}
