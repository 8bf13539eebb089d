namespace DaprRollouts.Tests;

/// <summary>The folder of the solution, for tests of files in it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "DaprRollouts.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
