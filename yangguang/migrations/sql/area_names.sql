-- The names of the areas a unit lies in, the smallest first: the county, its city, the province.
CREATE FUNCTION area_names(of_path text)
RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT array_agg(a.name ORDER BY length(a.path) DESC) FROM yangguang_unit AS a
    WHERE a.level IN ('PROVINCE', 'CITY', 'COUNTY')
      AND a.id = ANY(string_to_array(rtrim(of_path, '/'), '/')::bigint[])
$$;
