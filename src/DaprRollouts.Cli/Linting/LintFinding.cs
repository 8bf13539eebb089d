namespace DaprRollouts.Cli.Linting;

/// <summary>Something that is wrong with a manifest, or may be.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Field">The field, such as <c>spec.metrics[0].count</c>; empty for the file itself.</param>
/// <param name="Message">What is wrong, and what may have been meant.</param>
/// <param name="IsWarning">Whether it works as it is, but perhaps not as meant.</param>
internal sealed record LintFinding(string File, int Line, string Field, string Message, bool IsWarning = false)
{
    public override string ToString() => $"{File}:{Line}: {(IsWarning ? "warning: " : "")}{(Field.Length > 0 ? $"{Field}: " : "")}{Message}";
}
