using System.Collections.Immutable;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>All kinds that are served: the built-in ones, and those that custom resource definitions add at run time.</summary>
internal sealed class ApiCatalog
{
    private readonly Lock _lock = new();
    private volatile Contents _contents;

    public ApiCatalog(IEnumerable<ResourceType> builtIn)
    {
        _contents = new Contents([.. builtIn], ImmutableSortedDictionary<string, ImmutableArray<ResourceType>>.Empty);
        Namespaces = Core("namespaces");
        Pods = Core("pods");
    }

    public ResourceType Namespaces { get; }

    public ResourceType Pods { get; }

    /// <summary>Grows when definitions come, change or go.</summary>
    public int Edition => _contents.Edition;

    public IEnumerable<ResourceType> All => _contents.All;

    public ResourceType? Find(string group, string version, string plural) =>
        _contents.ByPath.GetValueOrDefault((group, version, plural));

    public ResourceType? FindKind(string apiVersion, string kind) => _contents.ByKind.GetValueOrDefault((apiVersion, kind));

    public ResourceType Core(string plural) => Get("", "v1", plural);

    public ResourceType Get(string group, string version, string plural) =>
        Find(group, version, plural) ?? throw new InvalidOperationException($"{group}/{version} {plural} is not served");

    /// <summary>The type that stands for all that are kept on a shelf.</summary>
    public ResourceType? OfShelf(string shelf) => _contents.ByShelf.GetValueOrDefault(shelf);

    /// <summary>One type for each shelf.</summary>
    public IEnumerable<ResourceType> Stored => _contents.ByShelf.Values;

    /// <summary>The versions of a group, the preferred one first.</summary>
    public IReadOnlyList<string> VersionsOf(string group) =>
        [.. All.Where(t => t.Group == group).Select(t => t.Version).Distinct().OrderBy(v => v, ApiVersionOrder.NewestFirst)];

    public IReadOnlyList<string> Groups => [.. All.Select(t => t.Group).Where(g => g.Length > 0).Distinct()];

    public void Define(string definition, IEnumerable<ResourceType> types)
    {
        lock (_lock)
        {
            _contents = new Contents(_contents.BuiltIn, _contents.Defined.SetItem(definition, [.. types])) { Edition = Edition + 1 };
        }
    }

    public void Undefine(string definition)
    {
        lock (_lock)
        {
            _contents = new Contents(_contents.BuiltIn, _contents.Defined.Remove(definition)) { Edition = Edition + 1 };
        }
    }

    private sealed class Contents
    {
        public Contents(
            ImmutableArray<ResourceType> builtIn, ImmutableSortedDictionary<string, ImmutableArray<ResourceType>> defined)
        {
            BuiltIn = builtIn;
            Defined = defined;
            All = builtIn.AddRange(defined.Values.SelectMany(d => d));
            ByPath = All.ToDictionary(t => (t.Group, t.Version, t.Plural));
            ByKind = All.GroupBy(t => (t.GroupVersion, t.Kind)).ToDictionary(g => g.Key, g => g.First());
            ByShelf = All.GroupBy(t => t.ShelfName).ToDictionary(g => g.Key, g => g.First());
        }

        public int Edition { get; init; }

        public ImmutableArray<ResourceType> BuiltIn { get; }

        public ImmutableSortedDictionary<string, ImmutableArray<ResourceType>> Defined { get; }

        public ImmutableArray<ResourceType> All { get; }

        public Dictionary<(string Group, string Version, string Plural), ResourceType> ByPath { get; }

        public Dictionary<(string ApiVersion, string Kind), ResourceType> ByKind { get; }

        public Dictionary<string, ResourceType> ByShelf { get; }
    }
}
