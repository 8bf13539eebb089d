using Spectre.Console;
using Spectre.Console.Rendering;

namespace DaprRollouts.Cli.Output;

/// <summary>Keeps showing something until the user has seen enough: in place on a terminal, one below the other where a program reads.</summary>
internal static class Follow
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Looks every second; Ctrl-C ends it, and is no failure.</summary>
    public static async Task ShowAsync(Shell shell, Func<CancellationToken, Task<IRenderable>> look, CancellationToken cancel)
    {
        var first = await look(cancel);
        if (Console.IsOutputRedirected)
        {
            shell.Show(first);
            await RepeatAsync(shell, look, picture => shell.Show(new Rows(Text.Empty, picture)), cancel);
            return;
        }

        await shell.Console.Live(first).Overflow(VerticalOverflow.Crop).StartAsync(live => RepeatAsync(
            shell,
            look,
            picture =>
            {
                live.UpdateTarget(picture);
                live.Refresh();
            },
            cancel));
    }

    private static async Task RepeatAsync(Shell shell, Func<CancellationToken, Task<IRenderable>> look, Action<IRenderable> show, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval, shell.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                show(await look(cancel));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }
}
